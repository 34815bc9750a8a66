package dev.polyptych.dispatcher;

import static dev.polyptych.dispatcher.Batches.BAD;
import static dev.polyptych.dispatcher.Batches.GOOD;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.Backends;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Media types and packed bodies of a batch. */
class PackedBatchIT {
  private static RunningDispatcher running;
  private LaneTail lanes;

  @BeforeAll
  static void start() {
    running = RunningDispatcher.start();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @BeforeEach
  void open() {
    lanes = new LaneTail(Backends.kafkaBootstrapServers());
  }

  @AfterEach
  void close() {
    lanes.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/jsonl",
        "application/ndjson; charset=utf-8",
        "application/x-ndjson",
        "Application/X-NDJSON"
      })
  void everyNameOfTheMediaTypeIsTaken(String type) {
    HttpResponse<byte[]> answer = sent(type, "", GOOD.getBytes(UTF_8));

    assertEquals(200, answer.statusCode());
    assertEquals("application/x-ndjson", answer.headers().firstValue("Content-Type").orElse(""));
    assertTrue(new String(answer.body(), UTF_8).contains("\"accepted\":1"));
  }

  @Test
  void whatIsNoNdjsonIsRefused() {
    HttpResponse<byte[]> answer =
        running
            .caller()
            .send(
                running
                    .caller()
                    .request("/v1/jobs:batch")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(GOOD)));

    assertEquals(415, answer.statusCode());
  }

  @Test
  void aPackedBatchIsUnpacked() throws IOException {
    byte[] body = packed(GOOD.repeat(700) + BAD + GOOD.repeat(299));

    HttpResponse<byte[]> answer = sent("application/jsonl", "gzip", body);

    String text = new String(answer.body(), UTF_8);
    assertTrue(text.contains("\"lines\":1000,\"accepted\":999,\"refused\":1}"), text);
    assertEquals(999, lanes.appended());
  }

  @Test
  void aPackedBatchThatBreaksOffKeepsTheLinesBefore() throws IOException {
    byte[] whole = packed(GOOD.repeat(3));
    byte[] cut = Arrays.copyOf(whole, whole.length - 4);

    List<JsonNode> answer = lines(sent("application/jsonl", "gzip", cut));

    assertEquals(List.of(202, 202, 202, 400), statuses(answer));
    assertTrue(answer.get(4).at("/problem/detail").textValue().contains("ends too early"));
    assertEquals(3, lanes.appended());
  }

  @Test
  void whatIsNotPackedAsItSaysIsRefused() {
    List<JsonNode> answer = lines(sent("application/jsonl", "gzip", GOOD.getBytes(UTF_8)));

    assertEquals(List.of(400), statuses(answer));
    assertEquals("MALFORMED_JSON", answer.get(1).at("/problem/code").textValue());
    assertEquals(415, sent("application/jsonl", "br", GOOD.getBytes(UTF_8)).statusCode());
    assertEquals(415, sent("application/jsonl", "gzip, gzip", GOOD.getBytes(UTF_8)).statusCode());
  }

  /** One of 400 MB in 400 kB. */
  @Test
  void aPackedBatchOfTooManyBytesIsNotReadToItsEnd() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
      gzip.write(GOOD.getBytes(UTF_8));
      byte[] line = "x".repeat(1_000_000).getBytes(UTF_8);
      for (int i = 0; i < 400; i++) {
        gzip.write(line);
      }
    }

    List<JsonNode> answer = lines(sent("application/jsonl", "gzip", bomb.toByteArray()));

    assertEquals(List.of(202, 413), statuses(answer));
    assertTrue(answer.get(2).at("/problem/detail").textValue().contains("268435456 bytes"));
  }

  @Test
  void aBatchOfBlankLinesIsNotReadToItsEnd() throws IOException {
    List<JsonNode> answer =
        lines(sent("application/jsonl", "gzip", packed(GOOD + "\n".repeat(3_000_000))));

    assertEquals(List.of(202, 413), statuses(answer));
    assertTrue(answer.get(2).at("/problem/detail").textValue().contains("blank ones included"));
  }

  @Test
  void aPackedBatchHasTenThousandLinesToo() throws IOException {
    List<JsonNode> answer =
        lines(sent("application/jsonl", "gzip", packed("{}\n".repeat(3_000_000))));

    assertEquals(10_003, answer.size());
    assertEquals(413, answer.get(10_001).path("status").intValue());
  }

  private static HttpResponse<byte[]> sent(String type, String encoding, byte[] body) {
    HttpRequest.Builder request =
        running.caller().request("/v1/jobs:batch").header("Content-Type", type);
    if (!encoding.isEmpty()) {
      request.header("Content-Encoding", encoding);
    }
    return running.caller().send(request.POST(BodyPublishers.ofByteArray(body)));
  }

  private static byte[] packed(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return out.toByteArray();
  }

  private static List<JsonNode> lines(HttpResponse<byte[]> answer) {
    assertEquals(200, answer.statusCode());
    return new String(answer.body(), UTF_8).lines().map(Batches::json).toList();
  }

  private static List<Integer> statuses(List<JsonNode> answer) {
    return answer.subList(1, answer.size() - 1).stream()
        .map(verdict -> verdict.path("status").intValue())
        .toList();
  }
}
