package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.Backends;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.Forecast;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobEstimate;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.job.RenderJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobStoreIT {
  private static final RenderedSet IMAGES =
      new RenderedSet(
          "sheet".getBytes(UTF_8), List.of("one".getBytes(UTF_8), "two".getBytes(UTF_8)));

  private static final String TOPIC = "polyptych.render.tiny.interactive";
  private static final QueuePlace PLACE = new QueuePlace(TOPIC, 0, 0);

  private static RedisConnection redis;
  private static JobStore store;
  private static JobResults results;
  private String id;

  @BeforeAll
  static void open() {
    redis = RedisConnection.open(Backends.redisUri());
    store = new JobStore(redis, Retention.DEFAULT);
    results = new JobResults(redis);
  }

  @AfterAll
  static void close() {
    redis.close();
  }

  @BeforeEach
  void accept() {
    id = accepted("");
  }

  @Test
  void aJobGoesFromAcceptedToDoneAndTellsEachStep() {
    store.queued(id, PLACE);
    int attempt = claimed("w-1");
    store.progress(id, attempt, 7, true);
    store.finish(id, attempt, IMAGES);

    assertEquals(
        List.of("accepted", "queued", "rendering", "rendering", "done"),
        results.events(id, "").stream().map(event -> event.state().text()).toList());
    JobStatus status = status();
    assertEquals(20, status.step());
    assertEquals(Optional.of("w-1"), status.worker());
    assertTrue(status.times().finished().isPresent());
  }

  @Test
  void anIdIsTakenOnce() {
    JobRequest request = request("");

    assertEquals(Verdict.STALE, store.accept(NewJob.of(job(id, request), "default")));
  }

  @Test
  void aWorkerFasterThanTheAcknowledgementIsNotSetBack() {
    claimed("w-1");

    store.queued(id, PLACE);

    assertEquals(JobState.RENDERING, status().state());
    assertTrue(status().times().queued().isPresent());
  }

  @Test
  void aLateFinisherWritesNothing() {
    int late = claimed("w-1");
    int holder = claimed("w-2");

    Verdict verdict = store.finish(id, late, IMAGES);

    assertEquals(Verdict.STALE, verdict);
    assertEquals(Optional.empty(), results.sheet(id));
    assertEquals(JobState.RENDERING, status().state());
    assertEquals(Verdict.DONE, store.progress(id, holder, 1, false));
  }

  @Test
  void whoLostTheJobCanNeitherReportNorReleaseNorFailIt() {
    int late = claimed("w-1");
    claimed("w-2");

    assertEquals(Verdict.STALE, store.progress(id, late, 3, true));
    assertEquals(Verdict.STALE, store.release(id, late, false));
    assertEquals(Verdict.STALE, store.fail(id, late, error()));
    assertEquals(0, status().step());
  }

  @Test
  void theWorkerOfACancelledJobHearsThatItWasCancelled() {
    int attempt = claimed("w-1");
    store.cancel(id, "default");

    assertEquals(Verdict.CANCELLED, store.progress(id, attempt, 3, true));
    assertEquals(Verdict.CANCELLED, store.checkpoint(id, attempt, checkpoint(3)));
    assertEquals(Verdict.CANCELLED, store.release(id, attempt, false));
    assertEquals(Verdict.CANCELLED, store.retry(id, attempt, Duration.ZERO, error()));
    assertEquals(Verdict.CANCELLED, store.fail(id, attempt, error()));
  }

  @Test
  void aStepThatIsReportedAgainIsAnnouncedAndAnEarlierOneIsNot() {
    int attempt = claimed("w-1");
    store.progress(id, attempt, 7, false);
    int before = results.events(id, "").size();

    store.progress(id, attempt, 7, true);
    store.progress(id, attempt, 6, true);

    assertEquals(before + 1, results.events(id, "").size());
    assertEquals(7, status().step());
  }

  @Test
  void imagesAreThereAsSoonAsTheJobIsDone() {
    int attempt = claimed("w-1");
    assertEquals(Optional.empty(), results.panel(id, 1));

    store.finish(id, attempt, IMAGES);

    assertArrayEquals("sheet".getBytes(UTF_8), results.sheet(id).orElseThrow());
    assertArrayEquals("two".getBytes(UTF_8), results.panel(id, 2).orElseThrow());
    assertEquals(Optional.empty(), results.panel(id, 3));
  }

  @Test
  void aTerminalStateNeverChanges() {
    int attempt = claimed("w-1");
    store.cancel(id, "default");

    assertEquals(Verdict.CANCELLED, store.finish(id, attempt, IMAGES));
    assertEquals(Verdict.CANCELLED, store.cancel(id, "default"));
    assertEquals(Verdict.CANCELLED, store.abandon(id, error()));
    assertEquals(new Claim.Settled(JobState.CANCELLED), store.claim(id, Claimant.of("w-2")));
    assertEquals(JobState.CANCELLED, status().state());
    assertEquals(Optional.empty(), results.sheet(id));
  }

  @Test
  void ofACancelAndAFinishAtOnceExactlyOneWins() throws Exception {
    for (int round = 0; round < 100; round++) {
      id = accepted("");
      int attempt = claimed("w-1");

      List<Verdict> verdicts =
          atOnce(() -> store.cancel(id, "default"), () -> store.finish(id, attempt, IMAGES));

      boolean done = status().state() == JobState.DONE;
      assertEquals(done, results.sheet(id).isPresent());
      List<Verdict> expected =
          done ? List.of(Verdict.STALE, Verdict.DONE) : List.of(Verdict.DONE, Verdict.CANCELLED);
      assertEquals(expected, verdicts);
    }
  }

  @Test
  void aJobOnlyStartsBeforeItsDeadline() {
    id = accepted(", \"deadline\": {\"startBy\": \"2020-01-01T00:00:00Z\"}");
    store.queued(id, PLACE);

    Claim claim = store.claim(id, Claimant.of("w-1"));

    assertEquals(new Claim.Settled(JobState.EXPIRED), claim);
    assertEquals(ErrorCode.DEADLINE_PASSED, status().error().orElseThrow().code());
  }

  @Test
  void aJobThatStartedInTimeMayBeTakenOverAfterItsDeadline() {
    id = accepted(", \"deadline\": {\"startBy\": \"2999-01-01T00:00:00Z\"}");
    claimed("w-1");
    redis.call(jedis -> jedis.hset(new JobKeys(id).job(), "startBy", "1"));

    assertEquals(2, claimed("w-2"));
  }

  @Test
  void afterItsLastAttemptAJobFails() {
    for (int attempt = 1; attempt <= JobStore.MAX_ATTEMPTS; attempt++) {
      assertEquals(attempt, claimed("w-1"));
      store.release(id, attempt, true);
    }

    Claim claim = store.claim(id, Claimant.of("w-1"));

    assertEquals(new Claim.Settled(JobState.FAILED), claim);
    assertEquals(ErrorCode.ATTEMPTS_EXHAUSTED, status().error().orElseThrow().code());
  }

  @Test
  void handingAJobBackInGoodOrderUsesUpNoAttempt() {
    for (int attempt = 1; attempt <= 10; attempt++) {
      assertEquals(attempt, claimed("w-1"));
      store.release(id, attempt, false);
    }

    assertEquals(11, claimed("w-1"));
  }

  @Test
  void aJobThatWasHandedOverIsOnlyClaimedOnTheStrengthOfItsLaterRecords() {
    assertEquals(
        Verdict.DONE, store.moved(id, new RecordVersion(1, 1), new QueuePlace(TOPIC, 3, 17)));

    assertEquals(new Claim.Outdated(), store.claim(id, holding(1, 0)));
    assertEquals(Optional.of(new QueuePlace(TOPIC, 3, 17)), status().place());
    assertEquals(0, status().attempt());
    assertEquals(1, ((Claim.Granted) store.claim(id, holding(1, 1))).attempt());
    store.retry(id, 1, Duration.ZERO, error());
    assertEquals(Optional.empty(), status().place());
    assertEquals(2, ((Claim.Granted) store.claim(id, holding(2, 0))).attempt());
    assertEquals(
        Verdict.STALE, store.moved(id, new RecordVersion(1, 2), new QueuePlace(TOPIC, 1, 1)));
    assertEquals(new Claim.Outdated(), store.claim(id, holding(1, 1)));
    assertEquals(3, ((Claim.Granted) store.claim(id, Claimant.of("w-1"))).attempt());
  }

  @Test
  void aJobThatWasHandedOverBeforeItsProducerHeardOfTheBrokerStaysWhereItWasPut() {
    String early = accepted("");
    store.moved(early, new RecordVersion(1, 1), new QueuePlace(TOPIC, 3, 17));

    assertEquals(
        JobState.QUEUED, store.queued(early, new QueuePlace(TOPIC, 0, 5)).orElseThrow().state());

    assertEquals(
        Optional.of(new QueuePlace(TOPIC, 3, 17)), store.status(early).orElseThrow().place());
    store.cancel(early, "default");
    assertEquals(
        Verdict.CANCELLED,
        store.moved(early, new RecordVersion(1, 2), new QueuePlace(TOPIC, 1, 1)));
    assertEquals(
        Verdict.UNKNOWN,
        store.moved("j-nobody", new RecordVersion(1, 1), new QueuePlace(TOPIC, 1, 1)));
  }

  private static Claimant holding(int attempt, int hops) {
    return new Claimant(
        "w-1",
        Duration.ZERO,
        Optional.of("default"),
        Optional.of(new RecordVersion(attempt, hops)));
  }

  @Test
  void theFurthestCheckpointOfWhoHoldsIsHandedToTheNextUntilTheJobSettles() {
    int first = claimed("w-1");
    store.checkpoint(id, first, checkpoint(3));
    store.checkpoint(id, first, checkpoint(2));
    Claim.Granted second = (Claim.Granted) store.claim(id, Claimant.of("w-2"));

    assertArrayEquals(checkpoint(3).state(), second.checkpoint().orElseThrow());
    assertEquals(Verdict.STALE, store.checkpoint(id, first, checkpoint(9)));
    assertEquals(Verdict.DONE, store.checkpoint(id, second.attempt(), checkpoint(1)));
    store.release(id, second.attempt(), false);
    Claim.Granted third = (Claim.Granted) store.claim(id, Claimant.of("w-1"));
    assertArrayEquals(checkpoint(1).state(), third.checkpoint().orElseThrow());
    store.finish(id, third.attempt(), IMAGES);
    String key = new JobKeys(id).checkpoint();
    assertEquals(false, redis.<Boolean>call(jedis -> jedis.exists(key)));
  }

  private static Checkpoint checkpoint(int step) {
    return new Checkpoint(step, new byte[] {(byte) step, 0, -1});
  }

  @Test
  void onlyAJobThatNobodyHasCanBeAbandoned() {
    String unclaimed = accepted("");
    claimed("w-1");

    assertEquals(Verdict.STALE, store.abandon(id, error()));
    assertEquals(Verdict.DONE, store.abandon(unclaimed, error()));
    assertEquals(new Claim.Settled(JobState.FAILED), store.claim(unclaimed, Claimant.of("w-1")));
  }

  @Test
  void aBuriedRecordFailsItsOpenJobUnlessALaterRecordCountsOrTheJobIsAnothers() {
    // Given a job that was handed over and is being drawn, and one of another tenant
    String moved = accepted("");
    store.moved(moved, new RecordVersion(1, 1), PLACE);
    store.claim(moved, holding(1, 1));
    String anothers = accepted("");
    // When
    Verdict earlier = store.reject(moved, "default", new RecordVersion(1, 0), error());
    Verdict foreign = store.reject(anothers, "somebody", new RecordVersion(1, 0), error());
    Verdict current = store.reject(moved, "default", new RecordVersion(1, 1), error());
    Verdict again = store.reject(moved, "default", new RecordVersion(1, 1), error());
    // Then
    assertEquals(
        List.of(Verdict.STALE, Verdict.UNKNOWN, Verdict.DONE, Verdict.STALE),
        List.of(earlier, foreign, current, again));
    JobStatus status = store.status(moved).orElseThrow();
    assertEquals(JobState.FAILED, status.state());
    assertEquals(Optional.of(error()), status.error());
    assertEquals(JobState.FAILED, results.events(moved, "").getLast().state());
    assertEquals(JobState.ACCEPTED, store.status(anothers).orElseThrow().state());
  }

  @Test
  void anUnknownJobIsUnknownToEveryQuestion() {
    assertEquals(Optional.empty(), store.status("j-nobody"));
    assertEquals(new Claim.Unknown(), store.claim("j-nobody", Claimant.of("w-1")));
    assertEquals(Optional.empty(), store.queued("j-nobody", PLACE));
    assertEquals(Verdict.UNKNOWN, store.cancel("j-nobody", "default"));
    assertEquals(Verdict.UNKNOWN, store.finish("j-nobody", 1, IMAGES));
    assertEquals(List.of(), results.events("j-nobody", ""));
  }

  @Test
  void eventsGoOnAfterTheOneThatWasSeen() {
    store.queued(id, PLACE);
    List<JobEvent> all = results.events(id, "");

    List<JobEvent> rest = results.events(id, all.getFirst().eventId());

    assertEquals(all.subList(1, 2), rest);
  }

  @Test
  void theRecordOutlivesTheImages() {
    int attempt = claimed("w-1");
    store.finish(id, attempt, IMAGES);

    long record = redis.call(jedis -> jedis.ttl(new JobKeys(id).job()));
    long image = redis.call(jedis -> jedis.ttl(new JobKeys(id).sheet()));

    assertTrue(record > Retention.DEFAULT.records().toSeconds() - 60, () -> "record " + record);
    assertTrue(
        image <= Retention.DEFAULT.results().toSeconds() && image > 0, () -> "image " + image);
  }

  private static List<Verdict> atOnce(Callable<Verdict> first, Callable<Verdict> second)
      throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Verdict> verdicts = new ArrayList<>();
      for (Future<Verdict> verdict : threads.invokeAll(List.of(first, second))) {
        verdicts.add(verdict.get());
      }
      return verdicts;
    }
  }

  private int claimed(String worker) {
    return switch (store.claim(id, Claimant.of(worker))) {
      case Claim.Granted granted -> granted.attempt();
      case Claim.Settled settled -> throw new AssertionError(settled);
      case Claim.Outdated outdated -> throw new AssertionError(outdated);
      case Claim.Unknown unknown -> throw new AssertionError(unknown);
      case Claim.Suspect suspect -> throw new AssertionError(suspect);
    };
  }

  private JobStatus status() {
    return store.status(id).orElseThrow();
  }

  private static JobError error() {
    return new JobError(ErrorCode.RENDER_FAILED, "played");
  }

  @Test
  void aJobThatCanNotBeFinishedInTimeIsNotStarted() {
    id = accepted(", \"deadline\": {\"finishBy\": \"2999-01-01T00:00:00Z\"}");

    Claim claim = store.claim(id, claimant(Duration.ofDays(366 * 1000), Optional.empty()));

    assertEquals(new Claim.Settled(JobState.EXPIRED), claim);
    assertEquals(ErrorCode.DEADLINE_PASSED, status().error().orElseThrow().code());
  }

  @Test
  void pastItsDeadlineAJobIsNeitherReportedNorFinished() {
    id = accepted(", \"deadline\": {\"finishBy\": \"2999-01-01T00:00:00Z\"}");
    String other = accepted(", \"deadline\": {\"finishBy\": \"2999-01-01T00:00:00Z\"}");
    for (String job : List.of(id, other)) {
      assertEquals(new Claim.Granted(1, Optional.empty()), store.claim(job, Claimant.of("w-1")));
      redis.call(jedis -> jedis.hset(new JobKeys(job).job(), "finishBy", "1"));
    }

    assertEquals(Verdict.STALE, store.progress(id, 1, 2, true));
    assertEquals(Verdict.STALE, store.finish(other, 1, IMAGES));

    assertEquals(JobState.EXPIRED, status().state());
    assertEquals(JobState.EXPIRED, store.status(other).orElseThrow().state());
    assertEquals(Optional.empty(), results.sheet(other));
    assertEquals(JobState.EXPIRED, results.events(id, "").getLast().state());
  }

  @Test
  void aRetryIsToldOnceHoweverOftenItIsAskedForUntilTheNextClaim() {
    int attempt = ((Claim.Granted) store.claim(id, Claimant.of("w"))).attempt();

    Verdict first = store.retry(id, attempt, Duration.ofSeconds(5), error());
    Optional<Instant> told = store.status(id).orElseThrow().nextAttemptAt();
    Verdict again = store.retry(id, attempt, Duration.ofSeconds(50), error());

    assertEquals(List.of(Verdict.DONE, Verdict.DONE), List.of(first, again));
    assertEquals(told, store.status(id).orElseThrow().nextAttemptAt());
    assertEquals(Optional.of(error()), store.status(id).orElseThrow().lastError());
    assertEquals(2, ((Claim.Granted) store.claim(id, Claimant.of("w"))).attempt());
    assertEquals(Optional.empty(), store.status(id).orElseThrow().nextAttemptAt());
  }

  @Test
  void whatWasForetoldIsKeptAndHeldAgainstTheFirstStart() {
    JobRequest request = request("");
    id = JobId.next(Clock.systemUTC());
    Forecast forecast =
        new Forecast(Optional.of(Duration.ofMinutes(1)), Optional.of(2.5), Optional.of(7L));

    store.accept(
        new NewJob(job(id, request), "default", Optional.empty(), Optional.empty(), forecast));

    JobEstimate estimate = status().estimate().orElseThrow();
    Instant start = status().times().accepted().plusSeconds(60);
    assertEquals(Optional.of(start), estimate.start());
    assertEquals(Optional.of(start.plusMillis(2500)), estimate.finish());
    assertEquals(Optional.of(7L), estimate.jobsAhead());
    Claim.Told first = ((Claim.Granted) store.claim(id, Claimant.of("w-1"))).told();
    Duration late = Duration.between(start, status().times().started().orElseThrow());
    assertEquals(new Claim.Told(Optional.of(late), Optional.of(2.5)), first);
    assertTrue(late.isNegative(), late::toString);
    Claim.Told second = ((Claim.Granted) store.claim(id, Claimant.of("w-2"))).told();
    assertEquals(new Claim.Told(Optional.empty(), Optional.of(2.5)), second);
  }

  @Test
  void ofAJobNothingIsForetoldWithoutAForecast() {
    assertEquals(Optional.empty(), status().estimate());
    assertEquals(Claim.Told.NOTHING, ((Claim.Granted) store.claim(id, Claimant.of("w-1"))).told());
  }

  @Test
  void theRecordsPlaceIsKnownUntilAnotherAttemptHasARecordOfItsOwn() {
    store.queued(id, new QueuePlace(TOPIC, 3, 41));

    assertEquals(Optional.of(new QueuePlace(TOPIC, 3, 41)), status().place());
    store.retry(id, claimed("w-1"), Duration.ofSeconds(5), error());
    assertEquals(Optional.empty(), status().place());
  }

  @Test
  void anAdoptedJobIsQueuedAndListedLikeOthers() {
    JobRequest request = request("");
    String direct = JobId.next(Clock.systemUTC());

    assertEquals(Verdict.DONE, store.adopt(NewJob.of(job(direct, request), "shop")));

    JobStatus status = store.status(direct).orElseThrow();
    assertEquals(JobState.QUEUED, status.state());
    assertEquals("shop", status.tenant());
    assertTrue(status.times().queued().isPresent());
    assertEquals(
        List.of(JobState.QUEUED),
        results.events(direct, "").stream().map(JobEvent::state).toList());
    assertEquals(Verdict.STALE, store.adopt(NewJob.of(job(direct, request), "shop")));
    assertEquals(Verdict.STALE, store.adopt(NewJob.of(job(id, request), "shop")));
  }

  @Test
  void aJobWhoseRecordHasExpiredIsSettledStill() {
    store.finish(id, claimed("w-1"), IMAGES);
    redis.call(jedis -> jedis.del(new JobKeys(id).job()));
    JobRequest request = request("");

    assertEquals(new Claim.Settled(JobState.DONE), store.claim(id, Claimant.of("w-2")));
    assertEquals(Verdict.STALE, store.adopt(NewJob.of(job(id, request), "default")));
    assertEquals(Optional.empty(), store.status(id));
  }

  @Test
  void aJobThatEndedTwoWorkersIsNotGivenToAThird() {
    claimed("w-1");
    int second = claimed("w-2");
    Claimant third = Claimant.of("w-3").as("7");

    assertEquals(new Claim.Suspect(second, "w-2", ""), store.claim(id, third));
    Claim claim = store.claim(id, third.having(new Claim.Looked(second, false)));

    assertEquals(new Claim.Settled(JobState.FAILED), claim);
    assertEquals(ErrorCode.POISON, status().error().orElseThrow().code());
    assertEquals(ErrorCode.POISON, results.events(id, "").getLast().error().orElseThrow().code());
    assertEquals(
        Optional.of(ErrorCode.POISON),
        new Tombstones(redis).outcome(id, "default").orElseThrow().code());
    String key = new JobKeys(id).job();
    assertEquals("ATTEMPTS_EXHAUSTED", redis.call(jedis -> jedis.hget(key, "code")));
  }

  @Test
  void aSilentWorkerThatLivesDoesNotCountAsEnded() {
    claimed("w-1");
    int second = claimed("w-2");

    Claimant third = Claimant.of("w-3");
    Claim claim = store.claim(id, third.having(new Claim.Looked(second, true)));

    assertEquals(3, ((Claim.Granted) claim).attempt());
  }

  @Test
  void aWorkerThatReportsAfterItLostTheJobDoesNotCountAsEnded() {
    int first = claimed("w-1");
    int second = claimed("w-2");

    store.progress(id, first, 3, true);

    assertEquals(second + 1, claimed("w-3"));
  }

  @Test
  void aJobThatIsHandedBackOrFailsEndsNoWorker() {
    store.release(id, claimed("w-1"), false);
    store.retry(
        id, claimed("w-2"), Duration.ZERO, new JobError(ErrorCode.RENDER_FAILED, "no luck"));
    claimed("w-3");

    assertEquals(4, claimed("w-4"));
  }

  @Test
  void aWorkerThatIsRestartedUnderItsIdIsAnother() {
    Claimant before = Claimant.of("w-1").as("1");
    store.claim(id, before);
    store.claim(id, before.as("2"));

    assertEquals(new Claim.Suspect(2, "w-1", "2"), store.claim(id, before.as("3")));
    assertEquals(3, ((Claim.Granted) store.claim(id, before.as("2"))).attempt());
  }

  @Test
  void aJobIsClaimedForItsOwnTenantOnly() {
    Claim foreign = store.claim(id, claimant(Duration.ZERO, Optional.of("somebody-else")));
    Claim own = store.claim(id, claimant(Duration.ZERO, Optional.of("default")));

    assertEquals(new Claim.Unknown(), foreign);
    assertEquals(1, ((Claim.Granted) own).attempt());
  }

  private static Claimant claimant(Duration needed, Optional<String> tenant) {
    return new Claimant("w-1", needed, tenant, Optional.empty());
  }

  private static String accepted(String more) {
    JobRequest request = request(more);
    String id = JobId.next(Clock.systemUTC());
    assertEquals(Verdict.DONE, store.accept(NewJob.of(job(id, request), "default")));
    return id;
  }

  private static JobRequest request(String more) {
    String json =
        "{\"task\": \"couple-profile\", \"prompt\": \"p\", \"panels\": [\"a\", \"b\"], \"seed\": 1"
            + more
            + "}";
    return ((Validated.Valid<JobRequest>) JobRequestReader.read(json.getBytes(UTF_8))).value();
  }

  private static RenderJob job(String id, JobRequest request) {
    return ((Validated.Valid<RenderJob>)
            new JobResolver(CatalogFile.builtIn("tiny")).resolve(id, request))
        .value();
  }

  @Test
  void aRecordOfTheInboxIsReplacedOnceUnlessItsDispatcherDied() {
    // Given a job on the inbox
    RecordVersion onInbox = RecordVersion.FIRST;
    QueuePlace from = new QueuePlace("polyptych.render.interactive", 0, 7);

    // When it is passed on, delivered again before any worker has it, and again while one draws it
    Optional<RecordVersion> first = store.forward(id, onInbox, from);
    Optional<RecordVersion> again = store.forward(id, onInbox, from);
    store.moved(id, again.orElseThrow(), PLACE);
    claimed("w-1");
    Optional<RecordVersion> drawn = store.forward(id, onInbox, from);
    Optional<RecordVersion> other = store.forward(id, onInbox, new QueuePlace("i", 0, 8));
    // Then
    assertEquals(Optional.of(new RecordVersion(1, 1, 0)), first);
    assertEquals(Optional.of(new RecordVersion(2, 1, 0)), again);
    assertEquals(Optional.empty(), drawn);
    assertEquals(Optional.empty(), other);
    assertEquals(Optional.empty(), store.forward("j-unknown", onInbox, from));
  }
}
