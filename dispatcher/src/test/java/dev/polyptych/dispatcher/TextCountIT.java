package dev.polyptych.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.embedded.Backends;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.json.Json;
import dev.polyptych.store.StoredRequests;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that nano does not read, with nano's own tokenizers. */
class TextCountIT {
  private static RunningDispatcher running;
  private static ApiCaller caller;

  @BeforeAll
  static void start() {
    running =
        RunningDispatcher.start(
            Backends.kafkaBootstrapServers(), Backends.redisUri(), Map.of("catalog", "nano"));
    caller = running.caller();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "y"})
  void aPanelWhoseTextWouldBeLostIsRefusedByItsName(String name) throws IOException {
    HttpResponse<byte[]> answer = post("/v1/jobs", request(name));

    JsonNode problem = ApiCaller.json(answer);
    assertEquals(422, answer.statusCode(), problem::toString);
    assertEquals("TEXT_TOO_LONG", problem.path("code").textValue());
    assertEquals(
        List.of("panels[0]", "panels[1]", "panels[2]"),
        StreamSupport.stream(problem.path("errors").spliterator(), false)
            .map(error -> error.path("field").textValue())
            .toList());
    String detail = problem.at("/errors/0/detail").textValue();
    assertTrue(
        detail.matches("the joint prompt has \\d+ tokens, \\d+ more than the 48 .*"), detail);
  }

  @Test
  void aCallerMayAcceptTheCutAndIsToldWhatWasLost() throws IOException {
    HttpResponse<byte[]> answer = post("/v1/jobs", request("x").put("truncate", true));

    assertEquals(202, answer.statusCode());
    String id = ApiCaller.json(answer).path("id").textValue();
    for (JsonNode status :
        List.of(ApiCaller.json(answer), ApiCaller.json(caller.get("/v1/jobs/" + id)))) {
      JsonNode text = status.path("text");
      assertEquals(48, text.path("limit").intValue());
      assertTrue(text.path("tokens").intValue() > 100, text::toString);
      assertEquals("[1,2,3]", text.path("cut").toString());
    }
    JobRequest stored = new StoredRequests(running.redis()).find(id).orElseThrow().request();
    assertEquals(Optional.empty(), stored.scene().truncate(), "old workers refuse the field");
  }

  @Test
  void aDryRunCountsAndRefusesAlike() throws IOException {
    ObjectNode fitting = request("x");
    fitting.withArray("panels").removeAll().add("an owl").add("an owl").add("an owl");

    JsonNode resolved = ApiCaller.json(post("/v1/jobs?dryRun=true", fitting));
    HttpResponse<byte[]> refused = post("/v1/jobs?dryRun=true", request("x"));
    HttpResponse<byte[]> accepted =
        post("/v1/jobs?dryRun=true", request("x").put("truncate", true));

    assertTrue(resolved.at("/text/tokens").intValue() <= 48, resolved::toString);
    assertEquals("[]", resolved.at("/text/cut").toString());
    assertEquals(77, resolved.at("/text/pooledLimit").intValue());
    assertEquals("TEXT_TOO_LONG", ApiCaller.json(refused).path("code").textValue());
    assertEquals("[1,2,3]", ApiCaller.json(accepted).at("/text/cut").toString());
  }

  @Test
  void aTextOfExactlyTheModelsLengthIsTakenAndOneTokenMoreIsNot() throws IOException {
    int most =
        IntStream.range(1, 60)
            .filter(words -> dryRunWith(words).statusCode() == 200)
            .max()
            .orElseThrow();

    assertEquals(48, ApiCaller.json(dryRunWith(most)).at("/text/tokens").intValue());
    JsonNode refused = ApiCaller.json(dryRunWith(most + 1));
    assertTrue(
        refused.at("/errors/0/detail").textValue().contains("49 tokens, 1 more than the 48"),
        refused::toString);
  }

  @Test
  void aLineOfABatchIsRefusedByItself() throws IOException {
    String lines = request("x") + "\n" + request("x").put("truncate", true) + "\n";

    HttpResponse<byte[]> answer =
        caller.send(
            caller
                .request("/v1/jobs:batch")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(lines)));

    String verdicts = new String(answer.body(), StandardCharsets.UTF_8);
    assertTrue(verdicts.contains("TEXT_TOO_LONG"), verdicts);
    assertTrue(verdicts.contains("\"line\":2,\"status\":202"), verdicts);
  }

  @Test
  void aModelWithoutBuiltInTokenizersIsNotCounted() {
    try (RunningDispatcher tiny = RunningDispatcher.start()) {
      JsonNode status =
          ApiCaller.json(tiny.caller().get("/v1/jobs/" + tiny.caller().submitted(Requests.COUPLE)));

      assertFalse(status.has("text"), status::toString);
    }
  }

  private static HttpResponse<byte[]> dryRunWith(int words) {
    try {
      ObjectNode request = request("x");
      request
          .withArray("panels")
          .removeAll()
          .add("an owl")
          .add("an owl")
          .add("owl" + " owl".repeat(words - 1));
      return post("/v1/jobs?dryRun=true", request);
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }

  private static HttpResponse<byte[]> post(String path, ObjectNode body) {
    return caller.send(
        caller
            .request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  private static ObjectNode request(String name) throws IOException {
    try (InputStream json =
        TextCountIT.class.getResourceAsStream("/cases/truncated-panel-" + name + ".json")) {
      return (ObjectNode) Json.mapper().readTree(json);
    }
  }
}
