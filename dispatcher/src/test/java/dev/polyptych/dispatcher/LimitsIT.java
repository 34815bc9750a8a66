package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.fleet.WorkerLoad;
import dev.polyptych.schema.json.Json;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LimitsIT {
  private static final int COUPLE_TOKENS = 128;

  private RedisServer redis;
  private TwoTenants tenants;

  @BeforeEach
  void start() {
    redis = RedisServer.start();
  }

  @AfterEach
  void stop() {
    if (tenants != null) {
      tenants.close();
    }
    redis.close();
  }

  @Test
  void aTenantWithAllItsJobsIsToldTheLimitAndItsUseUntilOneSettles() {
    // Given
    limit("queuedJobs: 2", Map.of());
    tenants.anna().submittedInTime(Requests.COUPLE);
    String job = tenants.anna().submitted(Requests.COUPLE);
    // When
    HttpResponse<byte[]> refused = tenants.anna().submit(Requests.COUPLE);
    // Then
    assertLimited(refused, "QUEUED_JOBS_EXCEEDED", "queuedJobs", 2, 2);
    assertEquals(Optional.of("5"), refused.headers().firstValue("Retry-After"));
    assertEquals(202, tenants.bert().submit(Requests.COUPLE).statusCode());
    Worker.renders(tenants.running().store(), job);
    assertEquals(202, tenants.anna().submit(Requests.COUPLE).statusCode());
    String metrics = new String(tenants.running().management().get("/metrics").body(), UTF_8);
    assertTrue(
        metrics.contains(
            "polyptych_dispatcher_tenant_limited_total{limit=\"queuedJobs\",tenant=\"%s\"} 1"
                .formatted(tenants.annasId())),
        metrics);
    assertTrue(
        metrics.contains(
            "polyptych_dispatcher_jobs_refused_total{reason=\"QUEUED_JOBS_EXCEEDED\"} 1"));
    assertFalse(metrics.contains(tenants.annasKey()));
  }

  @Test
  void everyLineOfABatchHasAVerdictOfItsOwn() throws IOException {
    limit("queuedJobs: 2", Map.of());
    tenants.anna().submittedInTime(Requests.COUPLE);
    String line = Requests.COUPLE.strip() + "\n";

    HttpResponse<byte[]> answer =
        tenants
            .anna()
            .send(
                tenants
                    .anna()
                    .request("/v1/jobs:batch")
                    .header("Content-Type", "application/x-ndjson")
                    .POST(BodyPublishers.ofString(line.repeat(3))));

    List<String> lines = new String(answer.body(), UTF_8).lines().toList();
    assertEquals(5, lines.size());
    int accepted = 0;
    for (String text : lines.subList(1, 4)) {
      JsonNode verdict = Json.mapper().readTree(text);
      if (verdict.path("status").intValue() == 202) {
        accepted++;
      } else {
        assertEquals(429, verdict.path("status").intValue());
        assertEquals("queuedJobs", verdict.at("/problem/limit/name").textValue());
      }
    }
    assertEquals(1, accepted);
  }

  @Test
  void aBatchIsHeldBackByTheRateAndNoLineIsRefused() {
    limit("submissionsPerSecond: 200, burst: 10", Map.of());
    tenants.anna().submittedInTime(Requests.COUPLE);
    long began = System.nanoTime();

    List<JsonNode> answer = batch(210);

    long tookNanos = System.nanoTime() - began;
    assertEquals(List.of(), answer.stream().filter(line -> line.has("problem")).toList());
    assertEquals(210, answer.getLast().path("accepted").intValue());
    assertTrue(tookNanos > 950_000_000L, tookNanos + " ns");
    String metrics = new String(tenants.running().management().get("/metrics").body(), UTF_8);
    assertTrue(metrics.contains("jobs_refused_total{reason=\"RATE_EXCEEDED\"} 0.0"), metrics);
    assertTrue(metrics.contains(limited(0)), metrics);
  }

  @Test
  void aLineThatWouldWaitForTooLongIsRefused() {
    limit("submissionsPerSecond: 0.01, burst: 3", Map.of());
    tenants.anna().submittedInTime(Requests.COUPLE);

    List<JsonNode> answer = batch(5);

    assertEquals(2, answer.getLast().path("accepted").intValue());
    assertEquals(3, answer.getLast().path("refused").intValue());
    JsonNode refused =
        answer.stream().filter(line -> line.has("problem")).findFirst().orElseThrow();
    assertEquals("RATE_EXCEEDED", refused.at("/problem/code").textValue());
    String metrics = new String(tenants.running().management().get("/metrics").body(), UTF_8);
    assertTrue(metrics.contains("jobs_refused_total{reason=\"RATE_EXCEEDED\"} 3"), metrics);
    assertTrue(metrics.contains(limited(3)), metrics);
  }

  private String limited(int times) {
    return "tenant_limited_total{limit=\"submissionsPerSecond\",tenant=\"%s\"} %d"
        .formatted(tenants.annasId(), times);
  }

  @Test
  void aBatchThatIsHeldBackIsTheSameJobsWhenItIsSentAgain() {
    limit("submissionsPerSecond: 100, burst: 5", Map.of());
    tenants.anna().submittedInTime(Requests.COUPLE);

    List<JsonNode> first = batch(40, "Idempotency-Key", "order-9");
    List<JsonNode> again = batch(40, "Idempotency-Key", "order-9");

    assertEquals(40, first.getLast().path("accepted").intValue());
    assertEquals(first, again);
  }

  /** Otherwise a restart would wait for it, and a held line would be lost in silence. */
  @Test
  void aDispatcherThatStopsRefusesWhatItHoldsBack() throws Exception {
    limit("submissionsPerSecond: 0.05, burst: 2", Map.of());
    tenants.anna().submittedInTime(Requests.COUPLE);
    HttpRequest.Builder request =
        tenants
            .anna()
            .request("/v1/jobs:batch")
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString((Requests.COUPLE.strip() + "\n").repeat(3)));
    HttpResponse<Stream<String>> answer =
        tenants.anna().send(request, HttpResponse.BodyHandlers.ofLines());
    try (Stream<String> lines = answer.body()) {
      Iterator<String> read = lines.iterator();
      read.next();
      assertTrue(read.next().contains("\"status\":202"));

      Thread stopping = Thread.ofVirtual().start(tenants.running().dispatcher()::close);

      assertTrue(read.next().contains("RATE_EXCEEDED"));
      assertTrue(read.next().contains("RATE_EXCEEDED"));
      assertTrue(read.next().contains("\"accepted\":1,\"refused\":2"));
      assertTrue(stopping.join(ApiCaller.DEADLINE));
    }
  }

  private List<JsonNode> batch(int count, String... headers) {
    HttpRequest.Builder request =
        tenants
            .anna()
            .request("/v1/jobs:batch")
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString((Requests.COUPLE.strip() + "\n").repeat(count)));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return new String(tenants.anna().send(request).body(), UTF_8)
        .lines()
        .map(ApiCaller::json)
        .toList();
  }

  @Test
  void submissionsComeAtARateAndADryRunIsNone() {
    limit("submissionsPerSecond: 0.01, burst: 2", Map.of());
    for (int i = 0; i < 5; i++) {
      assertEquals(200, post("/v1/jobs?dryRun=true", Optional.empty()).statusCode());
    }
    tenants.anna().submittedInTime(Requests.COUPLE);
    tenants.anna().submitted(Requests.COUPLE);

    HttpResponse<byte[]> refused = tenants.anna().submit(Requests.COUPLE);

    assertEquals(429, refused.statusCode());
    assertEquals("RATE_EXCEEDED", ApiCaller.json(refused).path("code").textValue());
    assertEquals(0.01, ApiCaller.json(refused).at("/limit/value").doubleValue());
    long wait = Long.parseLong(refused.headers().firstValue("Retry-After").orElseThrow());
    assertTrue(wait > 50 && wait <= 100, "wait " + wait);
    assertEquals(wait, ApiCaller.json(refused).at("/limit/retryAfterSeconds").longValue());
  }

  @Test
  void whatWasRefusedIsTakenUnderTheSameIdempotencyKeyOnceThereIsRoom() {
    limit("queuedJobs: 1", Map.of());
    String job = tenants.anna().submittedInTime(Requests.COUPLE);
    HttpResponse<byte[]> refused = post("/v1/jobs", Optional.of("order-1"));
    tenants.anna().delete("/v1/jobs/" + job);

    HttpResponse<byte[]> taken = post("/v1/jobs", Optional.of("order-1"));
    HttpResponse<byte[]> replayed = post("/v1/jobs", Optional.of("order-1"));

    assertEquals(429, refused.statusCode());
    assertEquals(202, taken.statusCode());
    assertEquals(202, replayed.statusCode());
    assertEquals(
        ApiCaller.json(taken).path("id").textValue(),
        ApiCaller.json(replayed).path("id").textValue());
  }

  @Test
  void jobsAreCountedByTheGpuTimeThatTheyNeed() {
    // Given a fleet that needs as many seconds for a job of this kind as it has steps
    limit("gpuSeconds: 50", Map.of());
    try (PlayedWorker worker = new PlayedWorker("w-limits", tenants.running())) {
      worker.beats(new WorkerLoad(1.0 / COUPLE_TOKENS, 0, 0, 0, 0, List.of()));
      tenants
          .running()
          .management()
          .until("/metrics", body -> body.contains("workers{base=\"tiny\",state=\"ready\"} 1.0"));
      tenants.anna().submittedInTime(Requests.coupleWith("\"steps\": 30"));
      // When
      HttpResponse<byte[]> refused = tenants.anna().submit(Requests.coupleWith("\"steps\": 21"));
      // Then
      assertLimited(refused, "GPU_SECONDS_EXCEEDED", "gpuSeconds", 50, 30);
      assertEquals(202, tenants.anna().submit(Requests.coupleWith("\"steps\": 20")).statusCode());
    }
  }

  @Test
  void aFullLaneIsFullForEverybodyAndTheOtherIsNot() {
    limit("", Map.of("laneJobs", "2"));
    tenants.anna().submittedInTime(Requests.COUPLE);
    tenants.bert().submitted(Requests.COUPLE);

    HttpResponse<byte[]> refused = tenants.bert().submit(Requests.COUPLE);

    assertLimited(refused, "LANE_FULL", "laneJobs", 2, 2);
    String batch = Requests.coupleWith("\"lane\": \"batch\"");
    assertEquals(202, tenants.bert().submit(batch).statusCode());
  }

  @Test
  void picturesTakeSoManyBytesAndTheSameOneTakesThemOnce() throws IOException {
    byte[] first = picture(1);
    byte[] second = picture(2);
    limit("referenceBytes: " + (first.length + second.length - 1), Map.of());
    assertEquals(201, upload(tenants.anna(), first).statusCode());
    assertEquals(201, upload(tenants.anna(), first).statusCode());

    HttpResponse<byte[]> refused = upload(tenants.anna(), second);

    double most = first.length + second.length - 1.0;
    assertLimited(
        refused, "REFERENCE_BYTES_EXCEEDED", "referenceBytes", most, (double) first.length);
    assertEquals(201, upload(tenants.bert(), second).statusCode());
    String expiries = "{references:" + tenants.annasId() + "}:expiries";
    String key = ApiCaller.json(upload(tenants.anna(), first)).path("key").textValue();
    tenants.running().redis().call(jedis -> jedis.zadd(expiries, 1, key));
    assertEquals(201, upload(tenants.anna(), second).statusCode());
  }

  @Test
  void aPictureLargerThanTheWholeQuotaIsNotToBeSentAgain() throws IOException {
    byte[] picture = picture(1);
    limit("referenceBytes: " + (picture.length - 1), Map.of());

    HttpResponse<byte[]> refused = upload(tenants.anna(), picture);

    assertEquals(413, refused.statusCode());
    assertEquals("EXCEEDS_QUOTA", ApiCaller.json(refused).path("code").textValue());
    assertEquals("referenceBytes", ApiCaller.json(refused).at("/limit/name").textValue());
    assertTrue(refused.headers().firstValue("Retry-After").isEmpty());
  }

  @Test
  void aTenantThatMayHaveNoJobIsNotToSendItAgain() {
    limit("queuedJobs: 0", Map.of());

    HttpResponse<byte[]> refused = tenants.anna().submit(Requests.COUPLE);

    assertEquals(413, refused.statusCode());
    assertEquals("EXCEEDS_QUOTA", ApiCaller.json(refused).path("code").textValue());
  }

  private static HttpResponse<byte[]> upload(ApiCaller caller, byte[] picture) {
    return caller.send(
        caller
            .request("/v1/references")
            .header("Content-Type", "image/png")
            .PUT(BodyPublishers.ofByteArray(picture)));
  }

  private static byte[] picture(int colour) throws IOException {
    BufferedImage picture = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(1, 1, colour);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", bytes);
    return bytes.toByteArray();
  }

  private void limit(String annasQuotas, Map<String, String> more) {
    tenants = new TwoTenants(annasQuotas, redis.uri(), more);
  }

  private HttpResponse<byte[]> post(String path, Optional<String> key) {
    var request =
        tenants
            .anna()
            .request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Requests.COUPLE));
    key.ifPresent(text -> request.header("Idempotency-Key", text));
    return tenants.anna().send(request);
  }

  private static void assertLimited(
      HttpResponse<byte[]> answer, String code, String limit, double value, double used) {
    JsonNode problem = ApiCaller.json(answer);
    assertEquals(429, answer.statusCode(), problem::toString);
    assertEquals(code, problem.path("code").textValue());
    assertEquals(limit, problem.at("/limit/name").textValue());
    assertEquals(value, problem.at("/limit/value").doubleValue());
    assertEquals(used, problem.at("/limit/used").doubleValue());
  }
}
