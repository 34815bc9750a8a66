package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.embedded.Backends;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.fleet.WorkerLoad;
import dev.polyptych.store.Claim;
import dev.polyptych.store.Claimant;
import dev.polyptych.store.WorkerDirectory;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is Anna's is not there for Bert. */
class OwnershipIT {
  private static TwoTenants tenants;
  private static ApiCaller anna;
  private static ApiCaller bert;

  @BeforeAll
  static void start() {
    tenants = new TwoTenants("", Backends.redisUri(), Map.of());
    anna = tenants.anna();
    bert = tenants.bert();
  }

  @AfterAll
  static void stop() {
    tenants.close();
  }

  /** An operation of the contract on one job. */
  record JobOperation(String id, String method, String path) {
    HttpRequest.Builder request(ApiCaller caller, String job) {
      String filled = path.replace("{id}", job).replace("{job}", job).replace("{n}", "1");
      assertFalse(filled.contains("{"), "this test must learn what to put into " + filled);
      return caller
          .request(filled)
          .header("Content-Type", "application/json")
          .method(method, BodyPublishers.noBody());
    }

    @Override
    public String toString() {
      return id;
    }
  }

  static Stream<JobOperation> operationsOnOneJob() throws IOException {
    List<JobOperation> operations =
        contract()
            .path("paths")
            .propertyStream()
            .filter(path -> path.getKey().matches(".*\\{(id|job)}.*"))
            .flatMap(path -> operations(path.getKey(), path.getValue()))
            .toList();
    // Those of today, so that a change of the document's form can't make this an empty test.
    assertTrue(operations.size() >= 10, operations::toString);
    return operations.stream();
  }

  private static Stream<JobOperation> operations(String path, JsonNode operations) {
    return operations
        .propertyStream()
        .filter(entry -> entry.getValue().has("operationId"))
        .map(
            entry ->
                new JobOperation(
                    entry.getValue().path("operationId").textValue(),
                    entry.getKey().toUpperCase(Locale.ROOT),
                    path));
  }

  @ParameterizedTest
  @MethodSource("operationsOnOneJob")
  void aForeignJobIsAnsweredLikeOneThatIsNotThere(JobOperation operation) {
    // Given
    String job = rendered();
    // When
    HttpResponse<byte[]> foreign = bert.send(operation.request(bert, job));
    HttpResponse<byte[]> unknown = bert.send(operation.request(bert, "j-none"));
    HttpResponse<byte[]> own = anna.send(operation.request(anna, job));
    // Then
    assertEquals(404, foreign.statusCode());
    assertEquals("UNKNOWN_JOB", ApiCaller.json(foreign).path("code").textValue());
    assertEquals(text(unknown).replace("j-none", job), text(foreign));
    assertEquals(headers(unknown), headers(foreign));
    assertFalse(text(own).contains("UNKNOWN_JOB"), () -> text(own));
  }

  @ParameterizedTest
  @MethodSource("operationsOnOneJob")
  void aForeignJobThatIsQueuedStaysAsItIs(JobOperation operation) {
    String job = anna.submitted(Requests.COUPLE);

    HttpResponse<byte[]> foreign = bert.send(operation.request(bert, job));

    assertEquals(404, foreign.statusCode());
    assertEquals("queued", ApiCaller.json(anna.get("/v1/jobs/" + job)).path("state").textValue());
  }

  @Test
  void theOutcomeOfAForeignJobWhoseRecordExpiredIsNotToldEither() {
    String job = rendered();
    tenants.running().redis().call(jedis -> jedis.del("job:{" + job + "}"));

    assertEquals(410, anna.get("/v1/jobs/" + job).statusCode());
    assertEquals(404, bert.get("/v1/jobs/" + job).statusCode());
  }

  @Test
  void foreignJobsAreNotListed() {
    String annas = anna.submitted(Requests.COUPLE);
    String berts = bert.submitted(Requests.COUPLE);

    List<String> listed = ids(bert.get("/v1/jobs?limit=200"));

    assertTrue(listed.contains(berts), listed::toString);
    assertFalse(listed.contains(annas), listed::toString);
  }

  @Test
  void aBatchOfTheSameNameIsEachTenantsOwn() {
    batch(anna, "catalogue");
    HttpResponse<byte[]> before = bert.delete("/v1/jobs?batch=catalogue");
    HttpResponse<byte[]> read = bert.get("/v1/batches/catalogue");
    HttpResponse<byte[]> cancel = bert.delete("/v1/batches/catalogue");
    HttpResponse<byte[]> events = bert.get("/v1/batches/catalogue/events");
    batch(bert, "catalogue");

    JsonNode cancelled = ApiCaller.json(bert.delete("/v1/jobs?batch=catalogue"));

    assertEquals(404, before.statusCode());
    assertEquals("UNKNOWN_BATCH", ApiCaller.json(before).path("code").textValue());
    assertEquals(ApiCaller.json(before), ApiCaller.json(read));
    assertEquals(ApiCaller.json(before), ApiCaller.json(cancel));
    assertEquals(ApiCaller.json(before), ApiCaller.json(events));
    assertEquals(1, ApiCaller.json(anna.get("/v1/batches/catalogue")).path("jobs").intValue());
    assertEquals(1, cancelled.path("cancelled").intValue());
    List<String> states =
        StreamSupport.stream(
                ApiCaller.json(anna.get("/v1/jobs?limit=200")).path("jobs").spliterator(), false)
            .filter(job -> job.path("batch").asText().equals("catalogue"))
            .map(job -> job.path("state").textValue())
            .toList();
    assertEquals(List.of("queued"), states);
  }

  @Test
  void anIdempotencyKeyIsEachTenantsOwn() {
    String annas = keyed(anna, Requests.COUPLE);

    String berts = keyed(bert, Requests.coupleWith("\"seed\": 1"));

    assertNotEquals(annas, berts);
    assertEquals(annas, keyed(anna, Requests.COUPLE));
  }

  @Test
  void aReferenceServesTheTenantWhoUploadedItAndNobodyElse() throws IOException {
    byte[] picture = picture();
    String key = uploaded(anna, picture);
    String request =
        Requests.coupleWith("\"references\": [{\"panel\": 2, \"key\": \"" + key + "\"}]");

    HttpResponse<byte[]> foreign = bert.submit(request);
    HttpResponse<byte[]> own = anna.submit(request);

    assertEquals(422, foreign.statusCode());
    assertEquals("UNKNOWN_REFERENCE", ApiCaller.json(foreign).path("code").textValue());
    assertEquals(202, own.statusCode());
    assertEquals(key, uploaded(bert, picture));
    assertEquals(202, bert.submit(request).statusCode());
  }

  @Test
  void theFleetIsSharedButAForeignJobInItIsNotNamed() {
    String job = anna.submitted(Requests.COUPLE);
    WorkerDirectory directory = new WorkerDirectory(tenants.running().redis());
    directory.beat(busy(job));
    try {
      JsonNode seenByBert = worker(bert);
      assertEquals("tiny", seenByBert.path("model").textValue());
      assertFalse(seenByBert.toString().contains(job), seenByBert::toString);
      assertEquals(job, worker(anna).path("job").textValue());
    } finally {
      directory.leave("w-" + tenants.annasId());
    }
  }

  private static JsonNode worker(ApiCaller caller) {
    JsonNode workers = ApiCaller.json(caller.get("/v1/workers")).path("workers");
    return StreamSupport.stream(workers.spliterator(), false)
        .filter(worker -> worker.path("id").textValue().equals("w-" + tenants.annasId()))
        .findFirst()
        .orElseThrow();
  }

  private static WorkerHeartbeat busy(String job) {
    return new WorkerHeartbeat(
        1,
        "w-" + tenants.annasId(),
        "tiny",
        "cpu",
        "float32",
        Optional.of("couple-profile"),
        1,
        Optional.of(job),
        0.1,
        0,
        List.of(0),
        Instant.now(),
        WorkerLoad.NONE,
        Abilities.Report.NONE,
        Optional.of(List.of(job)),
        List.of());
  }

  private static String rendered() {
    String job = anna.submitted(Requests.COUPLE);
    int attempt =
        ((Claim.Granted) tenants.running().store().claim(job, Claimant.of("w-1"))).attempt();
    Worker.finishes(tenants.running().store(), job, attempt);
    return job;
  }

  private static void batch(ApiCaller caller, String name) {
    HttpResponse<byte[]> answer =
        caller.send(
            caller
                .request("/v1/jobs:batch?batch=" + name)
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(Requests.COUPLE.strip() + "\n")));
    assertTrue(text(answer).contains("\"accepted\":1"), () -> text(answer));
  }

  private static String keyed(ApiCaller caller, String body) {
    HttpResponse<byte[]> answer =
        caller.send(
            caller
                .request("/v1/jobs")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "order-" + tenants.annasId())
                .POST(BodyPublishers.ofString(body)));
    assertEquals(202, answer.statusCode(), () -> text(answer));
    return ApiCaller.json(answer).path("id").textValue();
  }

  private static String uploaded(ApiCaller caller, byte[] picture) {
    HttpResponse<byte[]> answer =
        caller.send(
            caller
                .request("/v1/references")
                .header("Content-Type", "image/png")
                .PUT(BodyPublishers.ofByteArray(picture)));
    return ApiCaller.json(answer).path("key").textValue();
  }

  /** One that no other test uploads. */
  private static byte[] picture() throws IOException {
    BufferedImage picture = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(1, 1, tenants.annasId().hashCode());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", bytes);
    return bytes.toByteArray();
  }

  private static List<String> ids(HttpResponse<byte[]> page) {
    return ApiCaller.json(page).path("jobs").findValuesAsText("id");
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8);
  }

  /** Without the length, in which the job's id counts. */
  private static Map<String, List<String>> headers(HttpResponse<byte[]> answer) {
    Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
    headers.remove("content-length");
    return headers;
  }

  private static JsonNode contract() throws IOException {
    try (InputStream yaml =
        ErrorCode.class.getResourceAsStream("/dev/polyptych/schema/openapi.yaml")) {
      return new YAMLMapper().readTree(yaml);
    }
  }
}
