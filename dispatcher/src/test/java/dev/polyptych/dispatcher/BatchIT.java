package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.dispatcher.http.ContractCheck;
import dev.polyptych.embedded.Backends;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.json.Json;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many jobs in one request, and the end of them all. */
class BatchIT {
  private static final String GOOD = Requests.COUPLE.strip() + "\n";
  private static final String BAD = GOOD.replace("couple-profile", "couple-profil");

  private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

  private static RunningDispatcher running;
  private final String label = "batch-" + UUID.randomUUID();
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
    List<JsonNode> answer = batch("?batch=" + label, GOOD + BAD + "\n{\n" + GOOD.strip());

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
    List<JsonNode> answer = batch("", GOOD);

    String batch = answer.getFirst().path("batch").textValue();
    String id = answer.get(1).path("id").textValue();
    JsonNode status = ApiCaller.json(running.caller().get("/v1/jobs/" + id));
    assertEquals(batch, status.path("batch").textValue());
  }

  @Test
  void aThousandLinesAreAThousandJobs() {
    List<JsonNode> answer = batch("?batch=" + label, GOOD.repeat(1_000));

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

    List<JsonNode> answer = batch("", GOOD + huge + GOOD);

    assertEquals(413, answer.get(2).path("status").intValue());
    assertTrue(answer.get(2).at("/problem/detail").textValue().contains("262144 bytes"));
    assertEquals(202, answer.get(3).path("status").intValue());
  }

  @Test
  void afterTenThousandLinesNoneIsRead() {
    List<JsonNode> answer = batch("", "{}\n".repeat(10_002));

    assertEquals(10_003, answer.size());
    assertEquals(413, answer.get(10_001).path("status").intValue());
    assertEquals(10_001, answer.getLast().path("lines").intValue());
  }

  @Test
  void aBatchSentAgainUnderItsKeyIsTheSameJobs() {
    String key = UUID.randomUUID().toString();

    List<JsonNode> first = batch("", GOOD + BAD + GOOD, "Idempotency-Key", key);
    List<JsonNode> again = batch("", GOOD + BAD + GOOD, "Idempotency-Key", key);
    List<JsonNode> other = batch("", GOOD + GOOD + BAD, "Idempotency-Key", key);

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
                        () -> batch(query, body, "Idempotency-Key", key), THREADS))
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

  /** What is submitted while it is cancelled is open or cancelled, and a second cancel ends it. */
  @Test
  void aBatchCancelledWhileItsLinesComeHasNoOpenJobInTheEnd() {
    CompletableFuture<List<JsonNode>> submitted =
        CompletableFuture.supplyAsync(() -> batch("?batch=" + label, GOOD.repeat(300)), THREADS);
    running.caller().until("/v1/jobs?limit=1&batch=" + label, jobs -> jobs.contains("\"id\""));

    running.caller().delete("/v1/batches/" + label);
    assertEquals(300, submitted.join().getLast().path("accepted").intValue());
    JsonNode last = ApiCaller.json(running.caller().delete("/v1/batches/" + label));

    assertEquals(300, last.path("cancelled").intValue());
    JsonNode summary = ApiCaller.json(running.caller().get("/v1/batches/" + label));
    assertEquals(300, summary.at("/counts/cancelled").intValue());
    assertTrue(summary.path("settled").booleanValue());
  }

  @Test
  void aBatchSentAgainUnderAnotherIdIsToldWhereItsJobsAre() {
    String key = UUID.randomUUID().toString();
    List<JsonNode> first = batch("?batch=" + label, GOOD + BAD + GOOD, "Idempotency-Key", key);

    List<JsonNode> again =
        batch("?batch=" + label + "-2", GOOD + GOOD + GOOD, "Idempotency-Key", key);

    assertEquals(id(first, 1), id(again, 1));
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
    HttpResponse<byte[]> answer = running.caller().send(request(query, GOOD));

    assertEquals(422, answer.statusCode());
    assertEquals("INVALID_FIELD", ApiCaller.json(answer).path("code").textValue());
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

  @Test
  void aCancelledBatchHasNoOpenJob() {
    List<JsonNode> answer = batch("?batch=" + label, GOOD.repeat(5));
    Worker.renders(running.store(), answer.get(1).path("id").textValue());

    HttpResponse<byte[]> cancelled = running.caller().delete("/v1/jobs?batch=" + label);
    HttpResponse<byte[]> again = running.caller().delete("/v1/jobs?batch=" + label);

    assertEquals(
        "{\"v\":1,\"batch\":\"" + label + "\",\"cancelled\":4,\"settled\":1}",
        ApiCaller.json(cancelled).toString());
    assertEquals(ApiCaller.json(cancelled), ApiCaller.json(again));
    String last = answer.get(5).path("id").textValue();
    assertEquals("cancelled", running.store().status(last).orElseThrow().state().text());
  }

  @Test
  void aSummaryCountsTheJobsByState() {
    List<JsonNode> answer = batch("?batch=" + label, GOOD.repeat(5) + BAD);
    Worker.renders(running.store(), id(answer, 1));
    int attempt = Worker.claims(running.store(), id(answer, 2));
    running.store().fail(id(answer, 2), attempt, new JobError(ErrorCode.RENDER_FAILED, "no light"));
    Worker.claims(running.store(), id(answer, 3));
    running.caller().delete("/v1/jobs/" + id(answer, 4));

    JsonNode summary = ApiCaller.json(running.caller().get("/v1/batches/" + label));

    assertEquals(
        "{\"accepted\":0,\"queued\":1,\"rendering\":1,\"done\":1,\"failed\":1,\"cancelled\":1,"
            + "\"expired\":0}",
        summary.path("counts").toString());
    assertEquals(5, summary.path("jobs").intValue());
    assertFalse(summary.path("settled").booleanValue());
    assertTrue(summary.path("finished").isMissingNode());
    assertEquals(
        "[{\"job\":\"%s\",\"state\":\"failed\",\"error\":{\"code\":\"RENDER_FAILED\",\"detail\":\"no light\"}}]"
            .formatted(id(answer, 2)),
        summary.path("failures").toString());
    JsonNode jobs = ApiCaller.json(running.caller().get(summary.at("/links/jobs").textValue()));
    assertEquals(5, jobs.path("jobs").size());
  }

  @Test
  void aSummaryCountsJobsWhoseRecordsHaveExpired() {
    List<JsonNode> answer = batch("?batch=" + label, GOOD.repeat(3));
    Worker.renders(running.store(), id(answer, 1));
    Worker.renders(running.store(), id(answer, 2));
    running.caller().delete("/v1/jobs/" + id(answer, 3));
    running.redis().call(jedis -> jedis.del("job:{" + id(answer, 1) + "}"));

    JsonNode summary = ApiCaller.json(running.caller().get("/v1/batches/" + label));

    assertEquals(2, summary.at("/counts/done").intValue());
    assertEquals(1, summary.at("/counts/cancelled").intValue());
    assertTrue(summary.path("settled").booleanValue());
    assertTrue(summary.hasNonNull("finished"));
  }

  @Test
  void aBatchIsCancelledWhereItIsRead() {
    batch("?batch=" + label, GOOD.repeat(3));

    JsonNode cancelled = ApiCaller.json(running.caller().delete("/v1/batches/" + label));
    JsonNode summary = ApiCaller.json(running.caller().get("/v1/batches/" + label));

    assertEquals(
        "{\"v\":1,\"batch\":\"" + label + "\",\"cancelled\":3,\"settled\":0}",
        cancelled.toString());
    assertEquals(3, summary.at("/counts/cancelled").intValue());
    assertTrue(summary.path("settled").booleanValue());
  }

  @Test
  void theIndexOfABatchOutlivesARecordThatSettlesLate() {
    batch("?batch=" + label, GOOD);

    long seconds = running.redis().call(jedis -> jedis.ttl("batch:default:" + label));

    Retention kept = Retention.DEFAULT;
    assertTrue(seconds > kept.tombstones().toSeconds(), () -> seconds + " s");
    assertTrue(seconds <= kept.tombstones().plus(kept.records()).toSeconds(), () -> seconds + " s");
  }

  @Test
  void aReaderIsToldHowTheBatchSettlesAndThatItHasSeenItsEnd() {
    List<JsonNode> answer = batch("?batch=" + label, GOOD.repeat(3));
    Worker.renders(running.store(), id(answer, 1));
    HttpResponse<Stream<String>> stream =
        running
            .caller()
            .send(
                running.caller().request("/v1/batches/" + label + "/events"),
                HttpResponse.BodyHandlers.ofLines());
    ContractCheck.checkHead(stream);
    try (Stream<String> lines = stream.body()) {
      Iterator<String> read = lines.iterator();
      assertEquals("id: 3-1", next(read));
      assertEquals("event: progress", next(read));
      String progress = next(read);
      assertTrue(progress.contains("\"queued\":2,\"rendering\":0,\"done\":1"), progress);

      running.caller().delete("/v1/batches/" + label);

      assertEquals("id: 3-3", next(read));
      assertEquals("event: settled", next(read));
      assertTrue(next(read).contains("\"cancelled\":2"));
      assertFalse(read.hasNext() && !read.next().isEmpty());
    }
    HttpResponse<byte[]> again =
        running.caller().get("/v1/batches/" + label + "/events?lastEventId=3-3");
    HttpResponse<byte[]> earlier =
        running.caller().get("/v1/batches/" + label + "/events?lastEventId=3-1");
    assertEquals(204, again.statusCode());
    assertTrue(new String(earlier.body(), UTF_8).contains("id: 3-3\nevent: settled"));
  }

  private static String next(Iterator<String> lines) {
    String line = lines.next();
    while (line.isEmpty() || line.startsWith(":") || line.startsWith("retry")) {
      line = lines.next();
    }
    return line;
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "3"})
  void anEventIdThatIsNoneIsNamed(String id) {
    HttpResponse<byte[]> answer =
        running.caller().get("/v1/batches/" + label + "/events?lastEventId=" + id);

    assertEquals(422, answer.statusCode());
    assertEquals("lastEventId", ApiCaller.json(answer).at("/errors/0/field").textValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "a%20b"})
  void aBatchThatIsNoneIsUnknown(String batch) {
    HttpResponse<byte[]> read = running.caller().get("/v1/batches/" + batch);
    HttpResponse<byte[]> cancelled = running.caller().delete("/v1/batches/" + batch);

    assertEquals(404, read.statusCode());
    assertEquals("UNKNOWN_BATCH", ApiCaller.json(read).path("code").textValue());
    assertEquals(ApiCaller.json(read), ApiCaller.json(cancelled));
    HttpResponse<byte[]> events = running.caller().get("/v1/batches/" + batch + "/events");
    assertEquals(ApiCaller.json(read), ApiCaller.json(events));
  }

  @Test
  void aBatchThatIsNoneCanNotBeCancelled() {
    HttpResponse<byte[]> unknown = running.caller().delete("/v1/jobs?batch=" + label);
    HttpResponse<byte[]> unsaid = running.caller().delete("/v1/jobs");

    assertEquals(404, unknown.statusCode());
    assertEquals("UNKNOWN_BATCH", ApiCaller.json(unknown).path("code").textValue());
    assertEquals(422, unsaid.statusCode());
    assertEquals("batch", ApiCaller.json(unsaid).at("/errors/0/field").textValue());
  }

  private static HttpResponse<byte[]> sent(String type, String encoding, byte[] body) {
    HttpRequest.Builder request =
        running.caller().request("/v1/jobs:batch").header("Content-Type", type);
    if (!encoding.isEmpty()) {
      request.header("Content-Encoding", encoding);
    }
    return running.caller().send(request.POST(BodyPublishers.ofByteArray(body)));
  }

  private static List<JsonNode> lines(HttpResponse<byte[]> answer) {
    assertEquals(200, answer.statusCode());
    return new String(answer.body(), UTF_8).lines().map(BatchIT::json).toList();
  }

  private static List<Integer> statuses(List<JsonNode> answer) {
    return answer.subList(1, answer.size() - 1).stream()
        .map(verdict -> verdict.path("status").intValue())
        .toList();
  }

  private static byte[] packed(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return out.toByteArray();
  }

  /** Of the job of a line, if no line before it is blank. */
  private static String id(List<JsonNode> answer, int line) {
    return answer.get(line).path("id").textValue();
  }

  private static List<JsonNode> batch(String query, String body, String... headers) {
    HttpRequest.Builder request = request(query, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<byte[]> answer = running.caller().send(request);
    String text = new String(answer.body(), UTF_8);
    assertEquals(200, answer.statusCode(), text);
    return text.lines().map(BatchIT::json).toList();
  }

  private static HttpRequest.Builder request(String query, String body) {
    return running
        .caller()
        .request("/v1/jobs:batch" + query)
        .header("Content-Type", "application/x-ndjson")
        .POST(BodyPublishers.ofString(body));
  }

  private static JsonNode json(String line) {
    try {
      return Json.mapper().readTree(line);
    } catch (JsonProcessingException broken) {
      throw new AssertionError(line, broken);
    }
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
