package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.schema.json.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;

/** Batches as a caller submits them. */
record Batches(ApiCaller caller) {
  /** A line that is accepted. */
  static final String GOOD = Requests.COUPLE.strip() + "\n";

  /** A line that is refused. */
  static final String BAD = GOOD.replace("couple-profile", "couple-profil");

  /** The lines of the answer: a tally, a verdict for each line, a tally. */
  List<JsonNode> batch(String query, String body, String... headers) {
    HttpRequest.Builder request = request(query, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<byte[]> answer = caller.send(request);
    String text = new String(answer.body(), UTF_8);
    assertEquals(200, answer.statusCode(), text);
    return text.lines().map(Batches::json).toList();
  }

  HttpRequest.Builder request(String query, String body) {
    return caller
        .request("/v1/jobs:batch" + query)
        .header("Content-Type", "application/x-ndjson")
        .POST(BodyPublishers.ofString(body));
  }

  /** Of the job of a line, if no line before it is blank. */
  static String id(List<JsonNode> answer, int line) {
    return answer.get(line).path("id").textValue();
  }

  static JsonNode json(String line) {
    try {
      return Json.mapper().readTree(line);
    } catch (JsonProcessingException broken) {
      throw new AssertionError(line, broken);
    }
  }
}
