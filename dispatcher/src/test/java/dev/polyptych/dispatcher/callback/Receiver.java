package dev.polyptych.dispatcher.callback;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A product backend that takes callbacks: a real HTTP server on the loopback. */
public final class Receiver implements AutoCloseable {
  public static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  /**
   * More calls than ever come at once: the kernel lets those beyond it wait for a second or more.
   */
  private static final int BACKLOG = 1_024;

  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private volatile Reply usual = new Reply(204, Map.of(), 0);

  /** One call. */
  public record Received(
      String host, String path, String id, long timestamp, String signature, byte[] body) {
    /** Whether it is signed with {@link #SECRET}, worked out here anew. */
    public boolean genuine() {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        byte[] key = Base64.getDecoder().decode(SECRET.replace("whsec_", ""));
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
        return ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).equals(signature);
      } catch (GeneralSecurityException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }

  /**
   * How a call is answered.
   *
   * @param status 0 for never
   * @param bodyBytes length of the answer
   */
  public record Reply(int status, Map<String, String> headers, int bodyBytes) {}

  public Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port() + "/done?order=A-17";
  }

  /** The next call is answered so, after those that were said before. */
  public void next(int status) {
    replies.add(new Reply(status, Map.of(), 0));
  }

  public void next(Reply reply) {
    replies.add(reply);
  }

  /** Calls are answered so from now on. */
  public void always(int status) {
    usual = new Reply(status, Map.of(), 0);
  }

  public Received take() throws InterruptedException {
    Received call = received.poll(30, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("no callback within 30 s");
    }
    return call;
  }

  /** How many calls nobody took yet. */
  public int calls() {
    return received.size();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    var headers = exchange.getRequestHeaders();
    Reply waiting = replies.poll();
    Reply reply = waiting == null ? usual : waiting;
    received.add(
        new Received(
            headers.getFirst("host"),
            exchange.getRequestURI().toString(),
            headers.getFirst("webhook-id"),
            Long.parseLong(headers.getFirst("webhook-timestamp")),
            headers.getFirst("webhook-signature"),
            body));
    if (reply.status() == 0) {
      return;
    }
    reply.headers().forEach(exchange.getResponseHeaders()::add);
    exchange.sendResponseHeaders(reply.status(), reply.bodyBytes() == 0 ? -1 : reply.bodyBytes());
    try (OutputStream answer = exchange.getResponseBody()) {
      answer.write(new byte[reply.bodyBytes()]);
    }
  }
}
