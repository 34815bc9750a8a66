package dev.polyptych.gatling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The tasks' examples in random order, each with its own seed. */
final class ExampleRequests {
  /** Lines of a batch. */
  static final int BATCH = 5;

  private final List<ObjectNode> examples;

  ExampleRequests(List<ObjectNode> examples) {
    this.examples = List.copyOf(examples);
  }

  /** Of the catalog of a running dispatcher. */
  static ExampleRequests of(DispatcherClient client) throws IOException, InterruptedException {
    List<ObjectNode> examples = new ArrayList<>();
    for (JsonNode task : client.tasks().path("tasks")) {
      ObjectNode request = Json.mapper().createObjectNode();
      request.put("task", task.path("id").asText());
      request.setAll((ObjectNode) task.path("example"));
      examples.add(request);
    }
    return new ExampleRequests(examples);
  }

  /** One request for each task, its example. */
  List<ObjectNode> examples() {
    return examples;
  }

  ObjectNode next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    ObjectNode request = examples.get(random.nextInt(examples.size())).deepCopy();
    return request.put("seed", random.nextLong(1L << 52));
  }

  /** {@code request}, {@code key} and the numbers of its {@code panels}. */
  Iterator<Map<String, Object>> singles() {
    return endless(
        () -> {
          ObjectNode request = next();
          int panels = request.path("panels").size();
          return Map.of(
              "request", request.toString(),
              "key", UUID.randomUUID().toString(),
              "panels", IntStream.rangeClosed(1, panels).boxed().toList());
        });
  }

  /** {@code lines} of NDJSON. */
  Iterator<Map<String, Object>> batches() {
    return endless(
        () ->
            Map.of(
                "lines",
                Stream.generate(this::next)
                    .limit(BATCH)
                    .map(request -> request + "\n")
                    .collect(Collectors.joining())));
  }

  private static Iterator<Map<String, Object>> endless(Supplier<Map<String, Object>> next) {
    return Stream.generate(next).iterator();
  }
}
