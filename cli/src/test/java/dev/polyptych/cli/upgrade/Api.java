package dev.polyptych.cli.upgrade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The HTTP interface as JSON, so that no class of today decides what can be read. */
final class Api {
  private static final long PATIENCE_SECONDS = 120;
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;

  Api(int port) {
    this(URI.create("http://127.0.0.1:" + port));
  }

  Api(URI base) {
    this.base = base;
  }

  /** The new job's id; with the task's own example. */
  String submit(String taskId, int steps) throws IOException, InterruptedException {
    Task task = CatalogFile.builtIn("tiny").task(taskId).orElseThrow();
    ObjectNode job = Json.mapper().createObjectNode();
    job.put("task", taskId).put("steps", steps).put("seed", 7);
    job.put("prompt", task.example().prompt());
    task.example().panels().forEach(job.putArray("panels")::add);
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve("/v1/jobs"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(job)))
            .build();
    HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
    assertEquals(202, answer.statusCode(), () -> new String(answer.body(), StandardCharsets.UTF_8));
    return Json.mapper().readTree(answer.body()).path("id").asText();
  }

  void cancel(String id) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(base.resolve("/v1/jobs/" + id)).DELETE().build();
    int status = http.send(request, BodyHandlers.discarding()).statusCode();
    assertTrue(status / 100 == 2, "a cancel was answered " + status);
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return Json.mapper().readTree(bytes(path));
  }

  byte[] bytes(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(base.resolve(path)).build();
    HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
    assertEquals(
        200,
        answer.statusCode(),
        () -> path + ": " + new String(answer.body(), StandardCharsets.UTF_8));
    return answer.body();
  }

  void awaitAnswers() throws InterruptedException {
    await("the dispatcher to take jobs", () -> trying("/v1/tasks"));
  }

  void await(String id, String state) throws InterruptedException {
    await("job " + id + " to be " + state, () -> job(id).path("state").asText().equals(state));
  }

  void awaitStep(String id, int step) throws InterruptedException {
    await("step " + step + " of " + id, () -> job(id).path("step").asInt() >= step);
  }

  private JsonNode job(String id) {
    try {
      return get("/v1/jobs/" + id);
    } catch (IOException | InterruptedException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private boolean trying(String path) {
    try {
      get(path);
      return true;
    } catch (IOException | InterruptedException | AssertionError notYet) {
      return false;
    }
  }

  private static void await(String what, BooleanSupplier seen) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!seen.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain for " + what);
      NEVER.await(10, TimeUnit.MILLISECONDS);
    }
  }
}
