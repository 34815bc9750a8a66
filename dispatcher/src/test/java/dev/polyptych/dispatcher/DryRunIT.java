package dev.polyptych.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.Backends;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.fleet.WorkerLoad;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A dry run says what a submission would be, and leaves nothing behind. */
class DryRunIT {
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
  void nothingWasEnqueued() {
    assertEquals(0, lanes.appended());
    lanes.close();
  }

  @Test
  void theJobIsAnsweredAsItWouldBeResolved() {
    HttpResponse<byte[]> answer =
        dryRun("?dryRun=true", Requests.coupleWith("\"seed\": 7, \"steps\": 9"));

    assertEquals(200, answer.statusCode());
    JsonNode resolved = ApiCaller.json(answer);
    var task = CatalogFile.builtIn("tiny").task("couple-profile").orElseThrow();
    assertEquals("couple-profile", resolved.path("task").textValue());
    assertEquals(task.layout().tokens(16), resolved.path("tokens").intValue());
    assertEquals(task.layout().rows(), resolved.at("/layout/rows").intValue());
    assertEquals(9, resolved.at("/sampling/steps").intValue());
    assertEquals(7, resolved.at("/sampling/seed").longValue());
    assertTrue(resolved.at("/estimate/gpuSeconds").isMissingNode());
  }

  @Test
  void startAndCostAreEstimatedByWhatWorkersReport() throws Exception {
    PlayedWorker.settleAll(running);
    PlayedWorker.awaitSettled(running);
    int tokens =
        CatalogFile.builtIn("tiny").task("couple-profile").orElseThrow().layout().tokens(16);
    try (PlayedWorker worker = new PlayedWorker("w-dry", running)) {
      worker.beats(new WorkerLoad(0.5 / tokens, 0.25, 2, 0, 0, List.of()));
      running
          .management()
          .until(
              "/metrics",
              metrics -> metrics.contains("workers{base=\"tiny\",state=\"ready\"} 1.0"));

      Instant before = Instant.now();
      JsonNode estimate =
          ApiCaller.json(dryRun("?dryRun=true", Requests.coupleWith("\"steps\": 9")))
              .path("estimate");

      assertEquals(4.75, estimate.path("gpuSeconds").doubleValue(), 1e-9);
      assertEquals(0, estimate.path("jobsAhead").intValue());
      Instant start = Instant.parse(estimate.path("start").textValue());
      assertTrue(!start.isBefore(before.truncatedTo(ChronoUnit.MILLIS)), estimate::toString);
      Instant finish = Instant.parse(estimate.path("finish").textValue());
      assertEquals(4750, Duration.between(start, finish).toMillis());
    }
  }

  @Test
  void whatWouldBeRefusedIsRefused() {
    HttpResponse<byte[]> answer =
        dryRun("?dryRun=true", Requests.COUPLE.replace("couple-profile", "couple-profil"));

    assertEquals(422, answer.statusCode());
    assertEquals("UNKNOWN_TASK", ApiCaller.json(answer).path("code").textValue());
  }

  @Test
  void neitherYesNorNoIsRefused() {
    HttpResponse<byte[]> answer = dryRun("?dryRun=yes", Requests.COUPLE);

    assertEquals(422, answer.statusCode());
    assertEquals("dryRun", ApiCaller.json(answer).at("/errors/0/field").textValue());
  }

  private static HttpResponse<byte[]> dryRun(String query, String body) {
    return running
        .caller()
        .send(
            running
                .caller()
                .request("/v1/jobs" + query)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
  }
}
