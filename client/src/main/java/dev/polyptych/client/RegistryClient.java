package dev.polyptych.client;

import static dev.polyptych.client.DispatcherHttp.encoded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads and changes the bases, adapters and tasks of a cluster. Answers are as the HTTP interface
 * gives them. Every method throws {@link RefusedException} when the dispatcher refuses.
 */
public final class RegistryClient {
  private static final String ADAPTERS = "/v1/adapters";
  private static final String TASKS = "/v1/tasks";
  private static final String BASES = "/v1/bases";
  private static final String JSON = "application/json";

  /** A large adapter over a slow line. */
  private static final Duration TRANSFER = Duration.ofMinutes(30);

  private final DispatcherHttp http;

  RegistryClient(DispatcherHttp http) {
    this.http = http;
  }

  /** The newest version of each adapter. */
  public JsonNode adapters() throws IOException, InterruptedException {
    return read(ADAPTERS);
  }

  /** All versions of an adapter. */
  public JsonNode adapter(String name) throws IOException, InterruptedException {
    return read(ADAPTERS + "/" + encoded(name));
  }

  /**
   * Uploads an adapter.
   *
   * @param base id of its base; empty for the dispatcher's
   * @return the version
   */
  public JsonNode addAdapter(String name, Optional<String> base, Path file)
      throws IOException, InterruptedException {
    String query = base.map(id -> "?base=" + encoded(id)).orElse("");
    return answer(
        http.request(ADAPTERS + "/" + encoded(name) + query)
            .timeout(TRANSFER)
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofFile(file)));
  }

  /**
   * Lets a dispatcher fetch an adapter.
   *
   * @param base id of its base; empty for the dispatcher's
   * @param source {@code https://…}, {@code s3://…}, {@code hf://…} or {@code file:…}
   * @param sha256 that its bytes must have; empty for any
   * @return the version
   */
  public JsonNode addAdapter(
      String name, Optional<String> base, String source, Optional<String> sha256)
      throws IOException, InterruptedException {
    ObjectNode body = Json.mapper().createObjectNode().put("source", source);
    base.ifPresent(id -> body.put("base", id));
    sha256.ifPresent(digest -> body.put("sha256", digest));
    return put(ADAPTERS + "/" + encoded(name), Json.bytes(body));
  }

  /**
   * Hides an adapter from new jobs.
   *
   * @param version empty for all
   * @return what was removed
   */
  public JsonNode removeAdapter(String name, OptionalInt version)
      throws IOException, InterruptedException {
    return delete(ADAPTERS + "/" + encoded(name), version);
  }

  /** A task and its versions. */
  public JsonNode task(String id) throws IOException, InterruptedException {
    return read(TASKS + "/" + encoded(id));
  }

  /**
   * Registers a task.
   *
   * @param task YAML or JSON
   * @return the version
   */
  public JsonNode putTask(String id, byte[] task) throws IOException, InterruptedException {
    return put(TASKS + "/" + encoded(id), task);
  }

  /**
   * Hides a task from new jobs.
   *
   * @param version empty for all
   * @return what was removed
   */
  public JsonNode removeTask(String id, OptionalInt version)
      throws IOException, InterruptedException {
    return delete(TASKS + "/" + encoded(id), version);
  }

  /** The declared bases. */
  public JsonNode bases() throws IOException, InterruptedException {
    return read(BASES);
  }

  /**
   * Declares a base.
   *
   * @param base YAML or JSON
   */
  public JsonNode putBase(String id, byte[] base) throws IOException, InterruptedException {
    return put(BASES + "/" + encoded(id), base);
  }

  /**
   * Hides a base from new jobs.
   *
   * @return what was removed
   */
  public JsonNode removeBase(String id) throws IOException, InterruptedException {
    return delete(BASES + "/" + encoded(id), OptionalInt.empty());
  }

  private JsonNode read(String path) throws IOException, InterruptedException {
    return answer(http.request(path).GET());
  }

  private JsonNode put(String path, byte[] body) throws IOException, InterruptedException {
    return answer(
        http.request(path)
            .timeout(TRANSFER)
            .header("Content-Type", JSON)
            .PUT(BodyPublishers.ofByteArray(body)));
  }

  private JsonNode delete(String path, OptionalInt version)
      throws IOException, InterruptedException {
    String query = version.isPresent() ? "?version=" + version.getAsInt() : "";
    return answer(http.request(path + query).DELETE());
  }

  private JsonNode answer(HttpRequest.Builder request) throws IOException, InterruptedException {
    return Json.mapper().readTree(http.send(request));
  }
}
