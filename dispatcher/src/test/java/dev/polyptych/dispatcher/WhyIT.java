package dev.polyptych.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.WorkerLoad;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.NewJob;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each reason as a caller gets it, with a real store and a real broker behind it. */
class WhyIT {
  private static RunningDispatcher running;
  private PlayedWorker worker;

  @BeforeAll
  static void start() {
    running = RunningDispatcher.start();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @BeforeEach
  void emptyLanes() throws Exception {
    PlayedWorker.settleAll(running);
    PlayedWorker.awaitSettled(running);
    worker = new PlayedWorker("w-why", running);
  }

  @AfterEach
  void leave() {
    worker.close();
  }

  @Test
  void withoutAWorkerNobodyTakesItAndNoStartIsMadeUp() {
    String id = submitted();

    JsonNode why = why(id, "NO_WORKER");

    assertEquals(0, why.at("/reasons/0/workers").intValue());
    assertTrue(why.at("/estimate/start").isMissingNode(), why::toString);
  }

  @Test
  void aWorkerThatLoadsIsNamedWithSinceWhen() {
    worker.loads();
    String id = submitted();

    JsonNode why = why(id, "NO_WORKER", "LOADING");

    assertEquals("w-why", why.at("/reasons/1/worker").textValue());
    assertEquals(PlayedWorker.STARTED.toString(), why.at("/reasons/1/since").textValue());
  }

  @Test
  void theFirstIsNext() {
    worker.beats(PlayedWorker.MEASURED);
    String id = submitted();

    JsonNode why = why(id, "NEXT");

    assertEquals(0, why.at("/estimate/jobsAhead").intValue());
    assertFalse(why.at("/estimate/start").isMissingNode(), why::toString);
  }

  @Test
  void theThirdIsBehindTwoJobsAndTheirSeconds() {
    worker.beats(PlayedWorker.MEASURED);
    submitted();
    submitted();
    String id = submitted();

    JsonNode why = why(id, "BEHIND");

    assertEquals(2, why.at("/reasons/0/jobs").intValue());
    assertEquals(2, why.at("/reasons/0/laneJobs").intValue());
    assertEquals(4.0, why.at("/reasons/0/gpuSeconds").doubleValue(), 1e-9);
  }

  @Test
  void anAdapterThatOnlyAnotherWorkerHoldsIsNamed() {
    worker.beats("font-design", PlayedWorker.ALL_PARTITIONS, without("couple-profile"));
    try (PlayedWorker other = new PlayedWorker("w-other", running)) {
      other.beats("couple-profile", List.of(), PlayedWorker.MEASURED);
      String id = submitted();

      JsonNode why = why(id, "NEXT", "ADAPTER_NOT_RESIDENT");

      assertEquals("couple-profile", why.at("/reasons/1/adapter").textValue());
    }
  }

  @Test
  void anAdapterThatIsFetchedIsNamedWithHowManyAre() {
    worker.fetches(List.of("another", "couple-profile"));
    String id = submitted();

    JsonNode fetching = why(id, "FETCHING_ADAPTER").at("/reasons/0");

    assertEquals(
        "worker w-why fetches adapter couple-profile from the object store first; it fetches 2 now",
        fetching.path("text").textValue());
    assertEquals("couple-profile", fetching.path("adapter").textValue());
    assertEquals(2, fetching.path("fetching").intValue());
  }

  @Test
  void anAdapterThatNobodyHoldsIsNamed() {
    worker.beats("font-design", PlayedWorker.ALL_PARTITIONS, without("couple-profile"));
    String id = submitted();

    JsonNode why = why(id, "NEXT", "NO_HOLDER");

    assertEquals("couple-profile", why.at("/reasons/1/adapter").textValue());
    assertEquals("w-why", why.at("/reasons/1/worker").textValue());
  }

  @Test
  void aWorkerThatHasRenderedNothingIsTheReasonForNoEstimate() {
    worker.beats(new WorkerLoad(0, 0, 0, 0, 0, List.of("couple-profile")));
    submitted();
    String id = submitted();

    JsonNode why = why(id, "BEHIND", "NOT_MEASURED");

    assertTrue(why.at("/reasons/0/gpuSeconds").isMissingNode(), why::toString);
    assertTrue(why.at("/estimate/start").isMissingNode(), why::toString);
    assertEquals(1, why.at("/estimate/jobsAhead").intValue());
  }

  @Test
  void afterAFailedAttemptTheWaitAndTheErrorAreTold() {
    worker.beats(PlayedWorker.MEASURED);
    String id = submitted();
    int attempt = Worker.claims(running.store(), id);
    running
        .store()
        .retry(id, attempt, Duration.ofMinutes(1), new JobError(ErrorCode.RENDER_FAILED, "played"));

    JsonNode first = why(id, "BACKING_OFF", "BEHIND").at("/reasons/0");

    assertEquals("RENDER_FAILED", first.at("/error/code").textValue());
    assertEquals(1, first.path("attempt").intValue());
    assertFalse(first.path("until").isMissingNode(), first::toString);
  }

  @Test
  void aJobInHandTellsItsStepsAndASilentWorkerGoesFirst() {
    String id = submitted();
    int attempt = Worker.claims(running.store(), id);
    running.store().progress(id, attempt, 3, false);

    JsonNode silent = why(id, "WORKER_SILENT", "RENDERING");
    PlayedWorker holder = new PlayedWorker("w-1", running);
    holder.beats(PlayedWorker.MEASURED);
    JsonNode why = why(id, "RENDERING");
    holder.close();

    assertEquals("w-1", silent.at("/reasons/0/worker").textValue());
    assertEquals(0, silent.at("/reasons/0/others").intValue());
    String text = silent.at("/reasons/0/text").textValue();
    assertTrue(text.contains("no other live worker can take the job over"), text);
    assertEquals(3, why.at("/reasons/0/step").intValue());
  }

  @Test
  void aSilentWorkersJobIsTakenOverByALiveOneOnly() {
    worker.beats(PlayedWorker.MEASURED);
    String id = submitted();
    why(id, "NEXT");
    Worker.claims(running.store(), id);

    JsonNode silent = why(id, "WORKER_SILENT", "RENDERING");

    assertEquals(1, silent.at("/reasons/0/others").intValue());
    String text = silent.at("/reasons/0/text").textValue();
    assertTrue(text.contains("another takes over (1 can)"), text);
  }

  @Test
  void aWorkerWithoutTheAdapterIsNamedWithWhatItLacks() {
    List<String> missing = List.of("couple-profile");
    worker.beats(
        new Abilities.Report(
            Optional.empty(), missing, Optional.empty(), Optional.empty(), List.of()));
    String id = submitted();

    JsonNode unable = why(id, "WORKER_UNABLE").at("/reasons/0");

    assertEquals("it can't read adapter couple-profile", unable.path("lacks").textValue());
  }

  @Test
  void aRunningJobHasTheEndThatItsWorkerMeasures() {
    String id = submitted();
    Worker.claims(running.store(), id);
    try (PlayedWorker holder = new PlayedWorker("w-1", running)) {
      holder.draws(id, 100);

      JsonNode why = why(id, "RENDERING");

      Instant finish = Instant.parse(why.at("/estimate/finish").textValue());
      Duration left = Duration.between(Instant.now(), finish);
      assertTrue(left.toSeconds() > 60 && left.toSeconds() <= 100, left::toString);
    }
  }

  @Test
  void aJobThatTheBrokerHasNotConfirmedIsAcceptedSince() {
    JobRequest request =
        ((Validated.Valid<JobRequest>)
                JobRequestReader.read(
                    Requests.coupleWith("\"seed\": 1").getBytes(StandardCharsets.UTF_8)))
            .value();
    String id = JobId.next(Clock.systemUTC());
    RenderJob job =
        ((Validated.Valid<RenderJob>)
                new JobResolver(CatalogFile.builtIn("tiny")).resolve(id, request))
            .value();
    running.store().accept(NewJob.of(job, "default"));

    assertFalse(why(id, "ACCEPTED").at("/reasons/0/since").isMissingNode());
  }

  @Test
  void aSettledJobTellsItsEnd() {
    String id = submitted();
    running.caller().delete("/v1/jobs/" + id);

    JsonNode settled = why(id, "SETTLED").at("/reasons/0");

    assertEquals("cancelled", settled.path("state").textValue());
    assertTrue(settled.path("text").textValue().startsWith("it ended cancelled at "));
  }

  @Test
  void anUnknownJobIsUnknownAndAForgottenOneTellsItsOutcome() {
    String id = submitted();
    running.caller().delete("/v1/jobs/" + id);
    running.redis().call(jedis -> jedis.del("job:{" + id + "}"));

    HttpResponse<byte[]> gone = running.caller().get("/v1/jobs/" + id + "/why");

    assertEquals(410, gone.statusCode());
    assertEquals("cancelled", ApiCaller.json(gone).at("/outcome/state").textValue());
    assertEquals(404, running.caller().get("/v1/jobs/j-nobody/why").statusCode());
  }

  private static WorkerLoad without(String adapter) {
    WorkerLoad load = PlayedWorker.MEASURED;
    return new WorkerLoad(
        load.tokenSeconds(),
        load.besidesSeconds(),
        load.jobSeconds(),
        0,
        0,
        load.resident().stream().filter(held -> !held.equals(adapter)).toList());
  }

  private static String submitted() {
    return running.caller().submitted(Requests.COUPLE);
  }

  private static List<String> codes(String report) {
    return ApiCaller.json(report)
        .path("reasons")
        .valueStream()
        .map(reason -> reason.path("code").textValue())
        .toList();
  }

  /** The report, once it has just these reasons; the dispatcher looks around once a second. */
  private static JsonNode why(String id, String... codes) {
    String path = "/v1/jobs/" + id + "/why";
    String last = running.caller().until(path, body -> List.of(codes).equals(codes(body)));
    return ApiCaller.json(last);
  }
}
