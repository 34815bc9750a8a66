package dev.polyptych.dispatcher.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A real server of files on the loopback, with or without TLS. */
final class FileServer implements AutoCloseable {
  static final String PASSWORD = "password";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

  /** A request. */
  record Call(String host, String path, String authorization) {}

  private FileServer(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.start();
  }

  static FileServer plain() throws IOException {
    return new FileServer(HttpServer.create(anyPort(), 0));
  }

  /** With a certificate for {@code hub.example} and {@code cdn.example}. */
  static FileServer tls(Path keys) throws Exception {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(keys)) {
      store.load(stream, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new FileServer(server);
  }

  static Path keys(Path folder) throws Exception {
    Path file = folder.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=hub.example",
                "-ext",
                "san=dns:hub.example,dns:cdn.example",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .inheritIO()
            .start();
    if (keytool.waitFor() != 0) {
      throw new AssertionError("keytool made no key");
    }
    return file;
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  int port() {
    return server.getAddress().getPort();
  }

  Queue<Call> calls() {
    return calls;
  }

  void on(String path, HttpHandler handler) {
    server.createContext(
        path,
        exchange -> {
          calls.add(
              new Call(
                  exchange.getRequestHeaders().getFirst("Host"),
                  exchange.getRequestURI().getRawPath(),
                  exchange.getRequestHeaders().getFirst("Authorization")));
          handler.handle(exchange);
        });
  }

  void file(String path, byte[] bytes) {
    on(path, exchange -> answer(exchange, 200, Map.of(), bytes));
  }

  void redirect(String path, String location) {
    on(path, exchange -> answer(exchange, 302, Map.of("Location", location), new byte[0]));
  }

  static void answer(HttpExchange exchange, int status, Map<String, String> headers, byte[] body)
      throws IOException {
    headers.forEach(exchange.getResponseHeaders()::add);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
