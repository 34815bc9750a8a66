package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.store.WorkerDirectory;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsIT {
  private static RunningDispatcher running;
  private static ApiCaller caller;

  @BeforeAll
  static void start() {
    running = RunningDispatcher.start();
    caller = running.caller();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @Test
  void panelsAndSheetComeAsTheyWereRendered() {
    String id = rendered(Requests.COUPLE);

    HttpResponse<byte[]> second = caller.get("/v1/jobs/" + id + "/panels/2");
    HttpResponse<byte[]> sheet = caller.get("/v1/jobs/" + id + "/sheet");

    assertEquals("panel two", new String(second.body(), UTF_8));
    assertEquals("the sheet", new String(sheet.body(), UTF_8));
    assertEquals(Optional.of("image/png"), second.headers().firstValue("Content-Type"));
    assertEquals(
        Optional.of("private, max-age=31536000, immutable"),
        second.headers().firstValue("Cache-Control"));
  }

  @Test
  void anArchiveOfImagesInRedisIsThatOfAnObjectStore() throws Exception {
    String id = rendered(Requests.COUPLE);

    HttpResponse<byte[]> archive = caller.get("/v1/jobs/" + id + "/archive");

    try (var zip = new ZipInputStream(new ByteArrayInputStream(archive.body()))) {
      assertEquals(id + "/sheet.png", zip.getNextEntry().getName());
      assertEquals("the sheet", new String(zip.readAllBytes(), UTF_8));
      assertEquals(id + "/panel-1.png", zip.getNextEntry().getName());
    }
    assertProblem(
        caller.get("/v1/jobs/" + caller.submitted(Requests.COUPLE) + "/archive"),
        409,
        "NOT_RENDERED",
        "is queued");
  }

  @Test
  void theMediaTypeIsThatOfTheFormatAskedFor() {
    String id = rendered(Requests.coupleWith("\"format\": \"jpeg\""));

    HttpResponse<byte[]> sheet = caller.get("/v1/jobs/" + id + "/sheet");

    assertEquals(Optional.of("image/jpeg"), sheet.headers().firstValue("Content-Type"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "W/%s", "\"other\", %s", "*"})
  void whoHoldsTheImageGetsItsTagOnly(String pattern) {
    String path = "/v1/jobs/" + rendered(Requests.COUPLE) + "/panels/1";
    String tag = caller.get(path).headers().firstValue("ETag").orElseThrow();

    HttpResponse<byte[]> again =
        caller.send(caller.request(path).header("If-None-Match", pattern.formatted(tag)));

    assertEquals(304, again.statusCode());
    assertEquals(0, again.body().length);
    assertEquals(Optional.of(tag), again.headers().firstValue("ETag"));
  }

  @Test
  void whoHoldsAnotherImageGetsThisOne() {
    String path = "/v1/jobs/" + rendered(Requests.COUPLE) + "/panels/";
    String tag = caller.get(path + 1).headers().firstValue("ETag").orElseThrow();

    HttpResponse<byte[]> other = caller.send(caller.request(path + 2).header("If-None-Match", tag));

    assertEquals(200, other.statusCode());
  }

  @Test
  void beforeTheJobIsDoneItsStateIsTold() {
    String id = caller.submitted(Requests.COUPLE);

    assertProblem(caller.get("/v1/jobs/" + id + "/panels/1"), 409, "NOT_RENDERED", "is queued");
  }

  @Test
  void aJobThatEndedWithoutImagesSaysSo() {
    String id = caller.submitted(Requests.COUPLE);
    caller.delete("/v1/jobs/" + id);

    assertProblem(
        caller.get("/v1/jobs/" + id + "/sheet"),
        409,
        "NOT_RENDERED",
        "cancelled; it has no images");
  }

  @Test
  void imagesPastTheirTimeAreGoneAndNotUnknown() {
    String id = rendered(Requests.COUPLE);
    running.redis().call(jedis -> jedis.del("job:{" + id + "}:panel:1"));

    assertProblem(
        caller.get("/v1/jobs/" + id + "/panels/1"), 410, "RESULT_EXPIRED", "no longer kept");
  }

  @Test
  void afterItsRecordHasExpiredTheOutcomeOfAJobIsToldAndItIsNotUnknown() {
    String done = rendered(Requests.COUPLE);
    String cancelled = caller.submitted(Requests.COUPLE);
    caller.delete("/v1/jobs/" + cancelled);
    for (String id : List.of(done, cancelled)) {
      running.redis().call(jedis -> jedis.del("job:{" + id + "}", "job:{" + id + "}:events"));
    }

    HttpResponse<byte[]> answer = caller.get("/v1/jobs/" + done);

    assertProblem(answer, 410, "RECORD_EXPIRED", "ended done at 2");
    JsonNode outcome = ApiCaller.json(answer).path("outcome");
    assertEquals("done", outcome.path("state").textValue());
    assertTrue(outcome.path("code").isMissingNode());
    assertProblem(caller.get("/v1/jobs/" + cancelled), 410, "RECORD_EXPIRED", "cancelled");
    assertProblem(caller.get("/v1/jobs/j-never"), 404, "UNKNOWN_JOB", "no job");
    long kept = running.redis().call(jedis -> jedis.ttl("job:{" + done + "}:tombstone"));
    assertTrue(kept > 29 * 86_400, () -> "kept for " + kept + " s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "3", "-1", "two", "99999999999999999999"})
  void aPanelThatIsNotThereIsToldHowManyThereAre(String panel) {
    String id = rendered(Requests.COUPLE);

    assertProblem(
        caller.get("/v1/jobs/" + id + "/panels/" + panel), 404, "UNKNOWN_PANEL", "has 2 panels");
  }

  @Test
  void theCatalogListsItsTasksWithExamplesThatAreAdmitted() {
    JsonNode catalog = ApiCaller.json(caller.get("/v1/tasks"));

    assertEquals(
        CatalogFile.builtIn("tiny").taskIds(), catalog.path("tasks").findValuesAsText("id"));
    catalog.path("tasks").forEach(ResultsIT::assertAdmitted);
  }

  @Test
  void liveWorkersAreListedUntilTheyLeave() {
    WorkerDirectory directory = new WorkerDirectory(running.redis());
    directory.beat(PlayedWorker.heartbeat("w-7", List.of(1, 2), PlayedWorker.MEASURED));

    JsonNode live = ApiCaller.json(caller.get("/v1/workers"));
    directory.leave("w-7");
    JsonNode left = ApiCaller.json(caller.get("/v1/workers"));

    assertEquals("couple-profile", live.at("/workers/0/adapter").textValue());
    assertEquals(2.0, live.at("/workers/0/load/jobSeconds").doubleValue());
    assertEquals(0, left.path("workers").size());
  }

  private static void assertAdmitted(JsonNode task) {
    var request =
        new com.fasterxml.jackson.databind.node.ObjectNode(
            com.fasterxml.jackson.databind.node.JsonNodeFactory.instance);
    request.set("task", task.path("id"));
    request.set("prompt", task.path("example").path("prompt"));
    request.set("panels", task.path("example").path("panels"));
    caller.submitted(request.toString());
  }

  private static String rendered(String request) {
    String id = caller.submitted(request);
    Worker.renders(running.store(), id);
    return id;
  }

  private static void assertProblem(
      HttpResponse<byte[]> answer, int status, String code, String detail) {
    JsonNode problem = ApiCaller.json(answer);
    assertEquals(status, answer.statusCode(), problem::toString);
    assertEquals(code, problem.path("code").textValue());
    assertTrue(problem.path("detail").textValue().contains(detail), problem::toString);
  }
}
