package dev.polyptych.gatling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The few calls of the dispatcher that are not part of the load. */
final class Api implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final URI dispatcher;
  private final HttpClient client = HttpClient.newHttpClient();

  Api(URI dispatcher) {
    this.dispatcher = dispatcher;
  }

  /** One request for each task, its example. */
  List<ObjectNode> examples() throws IOException, InterruptedException {
    List<ObjectNode> requests = new ArrayList<>();
    for (JsonNode task : JSON.readTree(send(get("/v1/tasks"))).path("tasks")) {
      ObjectNode request = JSON.createObjectNode();
      request.put("task", task.path("id").asText());
      request.setAll((ObjectNode) task.path("example"));
      requests.add(request);
    }
    return requests;
  }

  /**
   * Submits a job and waits until it is settled.
   *
   * @throws IOException if the job was not done
   */
  void render(ObjectNode request) throws IOException, InterruptedException {
    String body = request.toString();
    JsonNode status =
        JSON.readTree(
            send(
                HttpRequest.newBuilder(dispatcher.resolve("/v1/jobs"))
                    .header("Content-Type", "application/json")
                    .header("Prefer", "wait=" + TIMEOUT.toSeconds())
                    .timeout(TIMEOUT.multipliedBy(2))
                    .POST(BodyPublishers.ofString(body))
                    .build()));
    if (!status.path("state").asText().equals("done")) {
      throw new IOException("the job was not done: " + status);
    }
  }

  private HttpRequest get(String path) {
    return HttpRequest.newBuilder(dispatcher.resolve(path)).timeout(TIMEOUT).GET().build();
  }

  private String send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          request.uri() + " answered " + response.statusCode() + ": " + response.body());
    }
    return response.body();
  }

  @Override
  public void close() {
    client.close();
  }
}
