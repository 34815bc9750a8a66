package dev.polyptych.dispatcher;

import static dev.polyptych.dispatcher.Batches.BAD;
import static dev.polyptych.dispatcher.Batches.GOOD;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.Backends;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many jobs in one request. */
class BatchIT {
  private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

  private static RunningDispatcher running;
  private final String label = "batch-" + UUID.randomUUID();
  private final Batches batches = new Batches(running.caller());
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

  @Test
  void everyLineHasItsVerdictInOrderAndABadOneStopsNoOther() {
    List<JsonNode> answer = batches.batch("?batch=" + label, GOOD + BAD + "\n{\n" + GOOD.strip());

    assertEquals(
        List.of("1 202", "2 422", "4 400", "5 202"),
        answer.subList(1, 5).stream()
            .map(verdict -> verdict.path("line") + " " + verdict.path("status"))
            .toList());
    assertEquals("UNKNOWN_TASK", answer.get(2).at("/problem/code").textValue());
    assertEquals("{\"v\":1,\"batch\":\"" + label + "\"}", answer.getFirst().toString());
    assertEquals(
        "{\"v\":1,\"batch\":\"" + label + "\",\"lines\":4,\"accepted\":2,\"refused\":2}",
        answer.getLast().toString());
    assertEquals(2, lanes.appended());
  }

  @Test
  void aJobKnowsItsBatch() {
    List<JsonNode> answer = batches.batch("", GOOD);

    String batch = answer.getFirst().path("batch").textValue();
    String id = answer.get(1).path("id").textValue();
    JsonNode status = ApiCaller.json(running.caller().get("/v1/jobs/" + id));
    assertEquals(batch, status.path("batch").textValue());
  }

  @Test
  void aThousandLinesAreAThousandJobs() {
    List<JsonNode> answer = batches.batch("?batch=" + label, GOOD.repeat(1_000));

    Set<String> ids = new HashSet<>();
    answer.subList(1, 1_001).forEach(verdict -> ids.add(verdict.path("id").textValue()));
    assertEquals(1_000, ids.size());
    assertEquals(1_000, lanes.appended());
  }

  @Test
  void verdictsComeWhileTheBodyIsStillBeingSent() throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), running.dispatcher().port())) {
      socket.setSoTimeout((int) ApiCaller.DEADLINE.toMillis());
      OutputStream out = socket.getOutputStream();
      out.write(
          """
          POST /v1/jobs:batch HTTP/1.1\r
          Host: localhost\r
          Content-Type: application/x-ndjson\r
          Transfer-Encoding: chunked\r
          \r
          """
              .getBytes(UTF_8));
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));

      out.write(chunk(GOOD));
      awaitLine(in, "\"line\":1,\"status\":202");
      out.write(chunk(GOOD));
      awaitLine(in, "\"line\":2,\"status\":202");
      out.write("0\r\n\r\n".getBytes(UTF_8));
      awaitLine(in, "\"lines\":2,\"accepted\":2");
    }
  }

  @Test
  void aLineThatIsTooLongIsRefusedAlone() {
    String huge = "{\"prompt\": \"" + "x".repeat(300_000) + "\"}\n";

    List<JsonNode> answer = batches.batch("", GOOD + huge + GOOD);

    assertEquals(413, answer.get(2).path("status").intValue());
    assertTrue(answer.get(2).at("/problem/detail").textValue().contains("262144 bytes"));
    assertEquals(202, answer.get(3).path("status").intValue());
  }

  @Test
  void afterTenThousandLinesNoneIsRead() {
    List<JsonNode> answer = batches.batch("", "{}\n".repeat(10_002));

    assertEquals(10_003, answer.size());
    assertEquals(413, answer.get(10_001).path("status").intValue());
    assertEquals(10_001, answer.getLast().path("lines").intValue());
  }

  @Test
  void aBatchSentAgainUnderItsKeyIsTheSameJobs() {
    String key = UUID.randomUUID().toString();

    List<JsonNode> first = batches.batch("", GOOD + BAD + GOOD, "Idempotency-Key", key);
    List<JsonNode> again = batches.batch("", GOOD + BAD + GOOD, "Idempotency-Key", key);
    List<JsonNode> other = batches.batch("", GOOD + GOOD + BAD, "Idempotency-Key", key);

    assertEquals(first, again);
    assertEquals(first.get(1), other.get(1));
    assertEquals(202, other.get(2).path("status").intValue());
    assertEquals(3, lanes.appended());
  }

  @Test
  void aBatchSentThreeTimesAtOnceUnderItsKeyIsTheSameJobs() {
    String key = UUID.randomUUID().toString();
    String body = GOOD.repeat(150);

    List<CompletableFuture<List<JsonNode>>> calls =
        Stream.of("", "?batch=" + label, "")
            .map(
                query ->
                    CompletableFuture.supplyAsync(
                        () -> batches.batch(query, body, "Idempotency-Key", key), THREADS))
            .toList();

    List<List<String>> ids =
        calls.stream()
            .map(call -> call.join().stream().map(line -> line.path("id").asText()).toList())
            .toList();
    assertEquals(ids.get(0), ids.get(1));
    assertEquals(ids.get(0), ids.get(2));
    assertEquals(150, lanes.appended());
    assertEquals(150, calls.get(0).join().getLast().path("accepted").intValue());
  }

  @Test
  void aBatchSentAgainUnderAnotherIdIsToldWhereItsJobsAre() {
    String key = UUID.randomUUID().toString();
    List<JsonNode> first =
        batches.batch("?batch=" + label, GOOD + BAD + GOOD, "Idempotency-Key", key);

    List<JsonNode> again =
        batches.batch("?batch=" + label + "-2", GOOD + GOOD + GOOD, "Idempotency-Key", key);

    assertEquals(Batches.id(first, 1), Batches.id(again, 1));
    assertEquals(label, again.get(1).path("batch").textValue());
    assertTrue(again.get(2).path("batch").isMissingNode());
    assertEquals(label, again.get(3).path("batch").textValue());
    assertEquals(2, again.getLast().path("elsewhere").intValue());
    assertEquals(3, again.getLast().path("accepted").intValue());
    assertEquals(
        1,
        ApiCaller.json(running.caller().get("/v1/batches/" + label + "-2"))
            .path("jobs")
            .intValue());
    assertEquals(
        2, ApiCaller.json(running.caller().get("/v1/batches/" + label)).path("jobs").intValue());
    assertEquals(3, lanes.appended());
  }

  @ParameterizedTest
  @ValueSource(strings = {"?batch=a%20b", "?label=a"})
  void aWrongParameterIsNamed(String query) {
    HttpResponse<byte[]> answer = running.caller().send(batches.request(query, GOOD));

    assertEquals(422, answer.statusCode());
    assertEquals("INVALID_FIELD", ApiCaller.json(answer).path("code").textValue());
  }

  @Test
  void aPathThatOnlyBeginsLikeItIsUnknown() {
    HttpResponse<byte[]> answer =
        running
            .caller()
            .send(
                running
                    .caller()
                    .request("/v1/jobsbatch")
                    .header("Content-Type", "application/x-ndjson")
                    .POST(BodyPublishers.ofString(GOOD)));

    assertEquals(404, answer.statusCode());
    assertEquals("UNKNOWN_PATH", ApiCaller.json(answer).path("code").textValue());
  }

  private static byte[] chunk(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return (Integer.toHexString(bytes.length) + "\r\n" + text + "\r\n").getBytes(UTF_8);
  }

  private static void awaitLine(BufferedReader in, String part) throws IOException {
    String line = in.readLine();
    while (!line.contains(part)) {
      line = in.readLine();
    }
  }
}
