package dev.polyptych.cli.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.polyptych.schema.json.Json;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Executors;
import javax.imageio.ImageIO;

/**
 * All that callers do, over and over until closed: jobs alone and in batches, with references and
 * callbacks, cancelled, refused, beyond a quota, and bound to fail.
 */
final class Traffic implements AutoCloseable {
  private static final int BATCH = 20;

  private final WatchedCluster cluster;
  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpServer receiver;
  private final Thread thread;
  private volatile boolean closed;
  private volatile Throwable failure;

  Traffic(WatchedCluster cluster) throws IOException {
    this.cluster = cluster;
    this.receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    receiver.createContext("/taken", exchange -> answer(exchange, 204));
    receiver.createContext("/broken", exchange -> answer(exchange, 500));
    receiver.start();
    this.thread = Thread.ofVirtual().name("traffic").start(this::run);
  }

  /** What ended it before its time. */
  void check() {
    if (failure != null) {
      throw new AssertionError("the traffic has ended", failure);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    receiver.stop(0);
    http.shutdownNow();
  }

  private void run() {
    try {
      String reference = reference();
      while (!closed) {
        round(reference);
      }
    } catch (Exception | AssertionError unexpected) {
      failure = unexpected;
    }
  }

  private void round(String reference) throws Exception {
    String studio = cluster.studioKey();
    send(studio, 200, "POST", "/v1/jobs:batch", batch());
    submit(cluster.smallKey(), job("font-design", 4, ""), "");
    send(cluster.smallKey(), 429, "POST", "/v1/jobs", job("font-design", 4, ""));
    send(studio, 422, "POST", "/v1/jobs", "{}");
    String cancelled = submit(studio, job("couple-profile", 2, ""), "");
    submit(studio, job(WatchedCluster.BROKEN, 4, callback("/broken")), "");
    send(studio, 0, "DELETE", "/v1/jobs/" + cancelled, "");
    // The last waits until it is drawn, so that no more comes than can be drawn.
    submit(
        studio,
        job(
            "couple-profile",
            2,
            callback("/taken")
                + ", \"references\": [{\"panel\": 1, \"key\": \""
                + reference
                + "\"}]"),
        "wait=60");
    wait(cluster.smallKey());
  }

  /** Until the tenant's one job is settled. */
  private void wait(String key) throws Exception {
    int status = 429;
    while (status == 429 && !closed) {
      var answer =
          http.send(
              request(key, "/v1/jobs")
                  .header("Prefer", "wait=60")
                  .POST(BodyPublishers.ofString(job("font-design", 4, "")))
                  .build(),
              BodyHandlers.ofString());
      status = answer.statusCode();
    }
  }

  private String submit(String key, String job, String preference) throws Exception {
    var answer =
        http.send(
            request(key, "/v1/jobs")
                .header("Prefer", preference.isEmpty() ? "respond-async" : preference)
                .POST(BodyPublishers.ofString(job))
                .build(),
            BodyHandlers.ofString());
    JsonNode body = Json.mapper().readTree(answer.body());
    if (answer.statusCode() != 429 && body.path("id").isMissingNode()) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    return body.path("id").asText("j-none");
  }

  /**
   * @param status that the answer must have; 0 for any
   */
  private void send(String key, int status, String method, String path, String body)
      throws Exception {
    HttpRequest.Builder request = request(key, path).method(method, BodyPublishers.ofString(body));
    if (path.endsWith(":batch")) {
      request.setHeader("Content-Type", "application/x-ndjson");
    }
    var answer = http.send(request.build(), BodyHandlers.ofString());
    if (status != 0 && answer.statusCode() != status) {
      throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  private HttpRequest.Builder request(String key, String path) {
    return HttpRequest.newBuilder(cluster.address().resolve(path))
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json");
  }

  private String reference() throws Exception {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(128, 128, BufferedImage.TYPE_INT_RGB), "png", png);
    HttpRequest.Builder request =
        request(cluster.studioKey(), "/v1/references")
            .setHeader("Content-Type", "image/png")
            .PUT(BodyPublishers.ofByteArray(png.toByteArray()));
    return Json.mapper()
        .readTree(http.send(request.build(), BodyHandlers.ofString()).body())
        .path("key")
        .textValue();
  }

  private static String batch() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < BATCH; i++) {
      String task = i % 5 == 4 ? "font-design" : WatchedCluster.PINNED;
      lines.append(job(task, task.equals("font-design") ? 4 : 3, "")).append('\n');
    }
    return lines.toString();
  }

  /**
   * @param more fields, each after a comma
   */
  private static String job(String task, int panels, String more) {
    return """
    {"task": "%s", "prompt": "a city at night", "panels": [%s], "steps": 4%s}\
    """
        .formatted(task, "\"a street\", ".repeat(panels - 1) + "\"a roof\"", more);
  }

  private String callback(String path) {
    return ", \"callbackUrl\": \"http://127.0.0.1:%d%s\""
        .formatted(receiver.getAddress().getPort(), path);
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }
}
