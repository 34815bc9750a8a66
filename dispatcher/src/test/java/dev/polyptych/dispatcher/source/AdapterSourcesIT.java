package dev.polyptych.dispatcher.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.dispatcher.address.Target;
import dev.polyptych.embedded.S3Server;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.store.objects.ObjectContent;
import dev.polyptych.store.objects.S3Objects;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetches from real servers on the loopback. */
class AdapterSourcesIT {
  private static final long MOST = 4_000_000;
  private static final byte[] BYTES = random(1_500_000);
  private static final String TOKEN = "hf_secret";

  @TempDir private static Path shared;
  private static Path keys;

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private FileServer plain;
  private FileServer tls;
  private SourceClient client;

  @BeforeAll
  static void makeKeys() throws Exception {
    keys = FileServer.keys(shared);
  }

  @BeforeEach
  void start() throws Exception {
    plain = FileServer.plain();
    tls = FileServer.tls(keys);
    client =
        new SourceClient(
            vertx,
            new HttpClientOptions()
                .setTrustOptions(
                    new PfxOptions().setPath(keys.toString()).setPassword(FileServer.PASSWORD)));
    Files.createDirectories(folder.resolve("temporary"));
  }

  @AfterEach
  void stop() {
    client.close();
    vertx.close().await();
    plain.close();
    tls.close();
  }

  @Test
  void aFileComesWholeWithItsDigest() throws Exception {
    // Given
    tls.file("/ink.safetensors", BYTES);
    // When
    Fetched.File file = file(fetch("https://hub.example:%d/ink.safetensors".formatted(tls.port())));
    // Then
    assertArrayEquals(BYTES, Files.readAllBytes(file.file()));
    assertEquals(sha256(BYTES), file.sha256());
    assertEquals(BYTES.length, file.bytes());
    assertEquals("hub.example:" + tls.port(), tls.calls().peek().host());
  }

  @Test
  void anotherDigestIsRefusedAndNothingIsLeft() throws Exception {
    plain.file("/ink", BYTES);

    String problem = refused(sources().fetch(plain("/ink"), Optional.of("ab".repeat(32))));

    assertTrue(problem.contains("has the digest " + sha256(BYTES)), problem);
    assertNothingIsLeft();
  }

  @Test
  void withoutTlsOnlyInternalHostsAreReached() throws Exception {
    plain.file("/ink", BYTES);

    file(fetch(plain("/ink")));
    String problem = refused(fetch("http://hub.example:%d/ink".formatted(plain.port())));

    assertTrue(problem.contains("is not https"), problem);
    assertEquals(1, plain.calls().size());
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() throws Exception {
    tls.file("/ink", BYTES);

    String problem = unavailable(fetch("https://internal.example:%d/ink".formatted(tls.port())));

    assertTrue(problem.contains("no valid certificate"), problem);
    assertEquals(0, tls.calls().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://010.0.0.1/x",
        "https://private.example/x",
        "https://both.example/x",
        "https://user:secret@hub.example/x",
        "https:///x",
        "http://127.0.0.1/x",
        "ftp://hub.example/x",
        "gopher://hub.example",
        "/etc/passwd",
        "",
        "https://hub example/x",
      })
  void whereNoCallerMayReachNothingIsSent(String source) throws Exception {
    String problem = refused(fetch(source));

    assertFalse(problem.contains("10.0.0.") || problem.contains("secret"), problem);
    assertTrue(plain.calls().isEmpty() && tls.calls().isEmpty());
    assertNothingIsLeft();
  }

  @Test
  void aNameIsLookedUpOnceForEachHopAndTheConnectionGoesThere() throws Exception {
    // Given
    AtomicInteger lookUps = new AtomicInteger();
    Target.Names counting =
        host -> {
          lookUps.incrementAndGet();
          return names(host);
        };
    tls.redirect("/first", "/second");
    tls.file("/second", BYTES);
    // When
    file(
        new AdapterSources(rules(List.of(), Duration.ofMinutes(1)), client, temporary(), counting)
            .fetch("https://hub.example:%d/first".formatted(tls.port()), Optional.empty()));
    // Then
    assertEquals(2, lookUps.get());
    assertEquals(2, tls.calls().size());
  }

  @ParameterizedTest
  @CsvSource({
    "https://127.0.0.1/x,             can't be fetched: its host has a loopback address",
    "https://private.example/x,       can't be fetched: its host has a private address",
    "http://internal.example/x,       redirects from https to another protocol",
    "file:///etc/passwd,              redirects from https to another protocol",
    "https://a:b@hub.example/x,       holds a name or password",
    "https://169.254.169.254/x,       link-local",
  })
  void eachHopIsCheckedAsTheFirstAddressIs(String location, String remedy) throws Exception {
    tls.redirect("/first", location);

    String problem = refused(fetch("https://hub.example:%d/first".formatted(tls.port())));

    assertTrue(problem.contains(remedy), problem);
    assertEquals(1, tls.calls().size());
    assertNothingIsLeft();
  }

  @Test
  void fiveRedirectsAreFollowedAndSixAreNot() throws Exception {
    for (int hop = 1; hop <= 6; hop++) {
      plain.redirect("/hop" + hop + "/", "/hop" + (hop - 1) + "/");
    }
    plain.file("/hop0/", BYTES);

    file(fetch(plain("/hop5/")));
    String problem = refused(fetch(plain("/hop6/")));

    assertTrue(problem.contains("more than 5 times"), problem);
  }

  @Test
  void theHubsTokenStaysAtTheHub() throws Exception {
    // Given
    tls.redirect(
        "/owner/repo/resolve/refs%2Fpr%2F1/a%20b/ink.safetensors",
        "https://cdn.example:%d/blob".formatted(tls.port()));
    tls.redirect("/", "https://cdn.example:%d/blob".formatted(tls.port()));
    tls.file("/blob", BYTES);
    // When
    file(fetch("hf://owner/repo/a b/ink.safetensors@refs/pr/1"));
    // Then
    List<FileServer.Call> calls = List.copyOf(tls.calls());
    assertEquals("/owner/repo/resolve/refs%2Fpr%2F1/a%20b/ink.safetensors", calls.get(0).path());
    assertEquals("Bearer " + TOKEN, calls.get(0).authorization());
    assertEquals("cdn.example:" + tls.port(), calls.get(1).host());
    assertEquals(null, calls.get(1).authorization());
  }

  @Test
  void otherServersGetNoToken() throws Exception {
    tls.file("/ink", BYTES);

    file(fetch("https://cdn.example:%d/ink".formatted(tls.port())));

    assertEquals(null, tls.calls().peek().authorization());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf://owner/repo",
        "hf://owner/repo/",
        "hf://owner",
        "hf://owner/../x/file",
        "hf://owner/repo/../../x",
        "hf://owner/repo/a/./b",
        "hf://owner/repo//b",
        "hf://owner/repo/file@",
        "hf://owner/repo/file@..",
        "hf://owner/repo/file@a/../b",
        "hf://owner/repo/file?download=1",
        "hf://owner@evil.example/repo/file",
      })
  void whatIsNoFileOfTheHubIsRefused(String source) throws Exception {
    String problem = refused(fetch(source));

    assertTrue(problem.contains("hf://owner/repo/path/file.safetensors@revision"), problem);
    assertTrue(tls.calls().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "401, have the operator set a token, true",
    "403, have the operator set a token, true",
    "404, look at the path and the revision, true",
    "304, answers 200, true",
    "204, answers 200, true",
    "206, answers 200, true",
    "429, try again later, false",
    "500, try again later, false",
    "503, try again later, false",
  })
  void anAnswerWithoutTheFileIsNamed(int status, String remedy, boolean lasting) throws Exception {
    plain.on("/ink", exchange -> FileServer.answer(exchange, status, Map.of(), new byte[0]));

    Fetched fetched = fetch(plain("/ink"));
    String problem = lasting ? refused(fetched) : unavailable(fetched);

    assertTrue(problem.contains("answered with " + status), problem);
    assertTrue(problem.contains(remedy), problem);
  }

  @Test
  void whatIsNoFileOfWeightsIsNamed() throws Exception {
    plain.file("/page", "\n<!DOCTYPE html><html></html>".getBytes(UTF_8));
    plain.on(
        "/typed",
        exchange ->
            FileServer.answer(
                exchange,
                200,
                Map.of("Content-Type", "text/html; charset=utf-8"),
                "<!-- a page -->".getBytes(UTF_8)));
    plain.file("/html", "<HTML>".getBytes(UTF_8));
    plain.file(
        "/pointer",
        "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 9\n".getBytes(UTF_8));
    plain.on("/empty", exchange -> exchange.sendResponseHeaders(200, -1));
    plain.on(
        "/gzip",
        exchange ->
            FileServer.answer(exchange, 200, Map.of("Content-Encoding", "gzip"), new byte[20]));

    assertTrue(refused(fetch(plain("/page"))).contains("is a web page"));
    assertTrue(refused(fetch(plain("/typed"))).contains("is a web page"));
    assertTrue(refused(fetch(plain("/html"))).contains("is a web page"));
    assertTrue(refused(fetch(plain("/pointer"))).contains("is a git-lfs pointer"));
    assertTrue(refused(fetch(plain("/empty"))).contains("is empty"));
    assertTrue(refused(fetch(plain("/gzip"))).contains("comes compressed"));
    assertNothingIsLeft();
  }

  @Test
  void aLargerFileIsRefusedBeforeItComesOrWhenItExceeds() throws Exception {
    // Given
    plain.on(
        "/said",
        exchange -> {
          exchange.sendResponseHeaders(200, MOST + 1);
          exchange.getResponseBody().write(new byte[10]);
          exchange.getResponseBody().flush();
        });
    plain.on(
        "/unsaid",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] part = new byte[100_000];
          try (OutputStream body = exchange.getResponseBody()) {
            while (true) {
              body.write(part);
            }
          }
        });
    // When
    String said = refused(fetch(plain("/said")));
    String unsaid = refused(fetch(plain("/unsaid")));
    // Then
    assertTrue(said.contains("has 4000001 bytes, and at most 4000000 are taken"), said);
    assertTrue(unsaid.contains("at most 4000000 are taken"), unsaid);
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
      })
  void aTruncatedBodyIsNamedAfterASecondTry(String answer) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
      AtomicInteger answered = answering(server, answer, answer);

      String problem =
          unavailable(fetch("http://internal.example:%d/ink".formatted(server.getLocalPort())));

      assertTrue(problem.matches("broke off after [03] of (100|\\?) bytes; try again.*"), problem);
      assertEquals(2, answered.get());
      assertNothingIsLeft();
    }
  }

  @Test
  void aFileThatBreaksOffOnceIsFetchedFromItsBeginning() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
      String head = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n";
      answering(server, head + "abc", head + "abcdef");

      Fetched.File file =
          file(fetch("http://internal.example:%d/ink".formatted(server.getLocalPort())));

      assertEquals("abcdef", Files.readString(file.file()));
      Files.delete(file.file());
      assertNothingIsLeft();
    }
  }

  /** Gives each connection the next answer and ends it. Counts them. */
  private static AtomicInteger answering(ServerSocket server, String... answers) {
    AtomicInteger answered = new AtomicInteger();
    Thread.ofVirtual()
        .start(
            () -> {
              for (String answer : answers) {
                try (Socket socket = server.accept()) {
                  socket.getInputStream().read();
                  answered.incrementAndGet();
                  socket.getOutputStream().write(answer.getBytes(UTF_8));
                  socket.getOutputStream().flush();
                  socket.shutdownOutput();
                  socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException closed) {
                  // The client goes first.
                }
              }
            });
    return answered;
  }

  @Test
  void aSourceThatTakesTooLongIsGivenUp() throws Exception {
    // Given
    CountDownLatch done = new CountDownLatch(1);
    plain.on(
        "/slow",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(1);
          exchange.getResponseBody().flush();
          try {
            done.await();
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });
    SourceRules hasty = rules(List.of("internal.example"), Duration.ofSeconds(1));
    // When
    Fetched fetched =
        new AdapterSources(hasty, client, temporary(), AdapterSourcesIT::names)
            .fetch(plain("/slow"), Optional.empty());
    done.countDown();
    // Then
    String problem = unavailable(fetched);
    assertTrue(problem.contains("did not come within 1 s"), problem);
    assertNothingIsLeft();
  }

  @Test
  void aServerThatIsNotThereMayComeBack() throws Exception {
    plain.close();

    String problem = unavailable(fetch(plain("/ink")));

    assertTrue(problem.contains("can't be reached"), problem);
    assertFalse(problem.contains("127.0.0.1"), problem);
    assertTrue(unavailable(fetch("https://nowhere.example/x")).contains("not known"));
  }

  @Test
  void aBucketThatTheOperatorListsIsRead() throws Exception {
    // Given
    System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
    try (S3Server server = S3Server.start("loras");
        S3Objects bucket =
            S3Objects.open(URI.create("s3://loras"), Optional.of(server.endpoint()))) {
      bucket.put("film/ink.safetensors", ObjectContent.of(BYTES, "application/octet-stream"));
      bucket.put("large", ObjectContent.of(new byte[(int) MOST + 1], "text/plain"));
      SourceRules rules =
          new SourceRules(
              List.of(),
              List.of("loras", "missing"),
              Optional.of(server.endpoint()),
              List.of(),
              SourceRules.HUB,
              Optional.empty(),
              MOST,
              Duration.ofMinutes(1));
      AdapterSources sources = new AdapterSources(rules, client, temporary());
      // When
      Fetched.File file = file(sources.fetch("s3://loras/film/ink.safetensors", Optional.empty()));
      // Then
      assertEquals(sha256(BYTES), file.sha256());
      Files.delete(file.file());
      assertTrue(problem(sources, "s3://loras/none").contains("does not exist"));
      assertTrue(problem(sources, "s3://loras/a key (1)").contains("does not exist"));
      assertTrue(problem(sources, "s3://loras/large").contains("at most 4000000"));
      assertTrue(problem(sources, "s3://other/film").contains("may not read for callers"));
      assertTrue(problem(sources, "s3://loras").contains("write s3://bucket/key"));
      Fetched away = sources.fetch("s3://missing/x", Optional.empty());
      assertFalse(unavailable(away).contains("127.0.0.1"), away::toString);
      assertNothingIsLeft();
    }
  }

  @Test
  void onlyFilesBelowAnAllowedFolderAreRead() throws Exception {
    // Given
    Path allowed = Files.createDirectories(folder.resolve("allowed/deep"));
    Path outside = Files.write(folder.resolve("outside"), BYTES);
    Path ink = Files.write(allowed.resolve("ink a"), BYTES);
    Files.createSymbolicLink(allowed.resolve("out"), outside);
    Files.createSymbolicLink(allowed.resolve("up"), folder);
    Files.createSymbolicLink(allowed.resolve("in"), ink);
    // When
    Fetched.File file = file(fetch(ink.toUri().toString()));
    Fetched.File linked = file(fetch(allowed.resolve("in").toUri().toString()));
    // Then
    assertEquals(sha256(BYTES), file.sha256());
    assertEquals(sha256(BYTES), linked.sha256());
    String none = "is no file in a folder that the operator allows";
    String base = allowed.toUri().toString();
    for (String source :
        List.of(
            outside.toUri().toString(),
            base + "out",
            base + "up/outside",
            base + "../../outside",
            base + "none",
            base,
            "file:///dev/zero",
            "file:relative",
            "file://server/share",
            "file:///a%00b",
            "file:///a b")) {
      String problem = refused(fetch(source));
      assertTrue(problem.startsWith(none), source + ": " + problem);
      assertFalse(problem.contains(folder.toString()), problem);
    }
  }

  private Path temporary() {
    return folder.resolve("temporary");
  }

  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(temporary())) {
      assertEquals(List.of(), left.toList());
    }
  }

  private String plain(String path) {
    return "http://internal.example:" + plain.port() + path;
  }

  private Fetched fetch(String source) throws Exception {
    return sources().fetch(source, Optional.empty());
  }

  private AdapterSources sources() {
    SourceRules rules =
        rules(
            List.of("internal.example", "hub.example:" + tls.port(), "cdn.example:" + tls.port()),
            Duration.ofMinutes(1));
    return new AdapterSources(rules, client, temporary(), AdapterSourcesIT::names);
  }

  private SourceRules rules(List<String> internal, Duration timeout) {
    return new SourceRules(
        internal,
        List.of(),
        Optional.empty(),
        List.of(folder.resolve("allowed")),
        URI.create("https://hub.example:" + tls.port()),
        Optional.of(TOKEN),
        MOST,
        timeout);
  }

  /** The name service of these tests. */
  private static InetAddress[] names(String host) throws UnknownHostException {
    return switch (host) {
      case "internal.example", "hub.example", "cdn.example" ->
          new InetAddress[] {InetAddress.getLoopbackAddress()};
      case "private.example" -> new InetAddress[] {InetAddress.ofLiteral("10.0.0.7")};
      case "both.example" ->
          new InetAddress[] {InetAddress.ofLiteral("1.1.1.1"), InetAddress.ofLiteral("10.0.0.7")};
      default -> {
        if (host.endsWith(".example")) {
          throw new UnknownHostException(host);
        }
        yield InetAddress.getAllByName(host);
      }
    };
  }

  private static Fetched.File file(Fetched fetched) {
    return assertInstanceOf(Fetched.File.class, fetched, fetched::toString);
  }

  private static String problem(AdapterSources sources, String source) throws Exception {
    return refused(sources.fetch(source, Optional.empty()));
  }

  private static String refused(Fetched fetched) {
    return detail(assertInstanceOf(Fetched.Refused.class, fetched, fetched::toString).problem());
  }

  private static String unavailable(Fetched fetched) {
    return detail(
        assertInstanceOf(Fetched.Unavailable.class, fetched, fetched::toString).problem());
  }

  private static String detail(FieldProblem problem) {
    assertEquals("source", problem.field());
    return problem.detail();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
