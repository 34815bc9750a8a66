package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementIT {
  private RunningDispatcher running;

  @BeforeEach
  void start() {
    running = RunningDispatcher.start();
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void itIsReadyWithBothBackends() {
    HttpResponse<byte[]> ready = running.management().get("/health/ready");

    assertEquals(200, ready.statusCode());
    assertEquals(
        "{\"open\":true,\"broker\":true,\"store\":true}", ApiCaller.json(ready).toString());
  }

  @Test
  void answersAreCountedByOperationAndCodeGoodAndBad() {
    running.caller().submitted(Requests.COUPLE);
    running.caller().submit("{}");
    running.caller().get("/v1/jobs/j-nobody");
    running.caller().get("/nowhere");

    String metrics = metrics();

    String requests = "polyptych_dispatcher_requests_total{code=\"%s\",operation=\"%s\"} 1.0";
    assertContains(metrics, requests.formatted(202, "submitJob"));
    assertContains(metrics, requests.formatted(422, "submitJob"));
    assertContains(metrics, requests.formatted(404, "readJob"));
    assertContains(metrics, requests.formatted(404, "none"));
    assertContains(metrics, "polyptych_dispatcher_jobs_admitted_total 1.0");
    assertContains(
        metrics, "polyptych_dispatcher_jobs_refused_total{reason=\"INVALID_FIELD\"} 1.0");
    assertContains(metrics, "polyptych_dispatcher_accept_seconds_count 1");
    assertContains(metrics, "polyptych_dispatcher_backend_up{backend=\"broker\"} 1.0");
    assertContains(metrics, "jvm_memory_used_bytes");
  }

  @Test
  void theBacklogOfALaneIsExportedInJobsAndInGpuSeconds() throws Exception {
    PlayedWorker.settleAll(running);
    PlayedWorker.awaitSettled(running);
    try (PlayedWorker worker = new PlayedWorker("w-backlog", running)) {
      worker.beats(PlayedWorker.MEASURED);
      running.caller().submitted(Requests.COUPLE);
      running.caller().submitted(Requests.COUPLE);

      String name = "polyptych_dispatcher_%s{base=\"tiny\",lane=\"interactive\"} %s";
      String jobs = name.formatted("backlog_jobs", "2.0");
      String seconds = name.formatted("outstanding_gpu_seconds", "4.0");
      running.management().until("/metrics", body -> body.contains(jobs) && body.contains(seconds));
    }
  }

  @Test
  void theAgeOfTheOldestJobIsExportedThoughNoWorkerHasTakenAny() throws Exception {
    PlayedWorker.settleAll(running);
    PlayedWorker.awaitSettled(running);
    running.caller().submitted(Requests.COUPLE);

    String series =
        "polyptych_dispatcher_oldest_job_seconds{base=\"tiny\",lane=\"interactive\",task=\"couple-profile\"} ";
    running
        .management()
        .until("/metrics", body -> body.contains(series) && !body.contains(series + "0.0\n"));
    PlayedWorker.settleAll(running);
    running.management().until("/metrics", body -> body.contains(series + "0.0\n"));
  }

  @Test
  void theMemoryOfRedisIsExported() {
    running
        .management()
        .until(
            "/metrics",
            body ->
                body.contains("polyptych_dispatcher_redis_memory_limit_bytes ")
                    && body.matches(
                        "(?s).*\npolyptych_dispatcher_redis_memory_used_bytes [1-9].*"));
  }

  @Test
  void aCancelIsCountedOnceAndWhatHasNotHappenedIsZero() {
    String id = running.caller().submitted(Requests.COUPLE);
    assertContains(metrics(), "polyptych_dispatcher_jobs_cancelled_total 0.0");
    running.caller().delete("/v1/jobs/" + id);
    running.caller().delete("/v1/jobs/" + id);

    String metrics = metrics();

    assertContains(metrics, "polyptych_dispatcher_jobs_cancelled_total 1.0");
    assertContains(metrics, "polyptych_dispatcher_jobs_refused_total{reason=\"LANE_FULL\"} 0.0");
    assertContains(
        metrics,
        "polyptych_dispatcher_tenant_limited_total{limit=\"gpuSeconds\",tenant=\"default\"} 0.0");
  }

  @Test
  void noJobIdIsEverALabel() {
    String id = running.caller().submitted(Requests.COUPLE);
    running.caller().get("/v1/jobs/" + id + "/sheet");

    assertFalse(metrics().contains(id));
  }

  @Test
  void openEventStreamsAreCounted() {
    String id = running.caller().submitted(Requests.COUPLE);
    try (EventStreamCaller events = EventStreamCaller.open(running.caller(), id)) {
      assertEquals("accepted", events.next().state());

      assertContains(metrics(), "polyptych_dispatcher_event_streams_open 1.0");

      running.caller().delete("/v1/jobs/" + id);
      events.rest();
      assertContains(metrics(), "polyptych_dispatcher_event_streams_open 0.0");
      assertContains(metrics(), "polyptych_dispatcher_events_sent_total 3.0");
    }
  }

  private String metrics() {
    return new String(running.management().get("/metrics").body(), UTF_8);
  }

  private static void assertContains(String metrics, String line) {
    assertTrue(metrics.contains(line), () -> line + " is not in\n" + metrics);
  }
}
