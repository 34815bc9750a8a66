package dev.polyptych.dispatcher.sweep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.dispatcher.LaneTail;
import dev.polyptych.dispatcher.PlayedWorker;
import dev.polyptych.dispatcher.Requests;
import dev.polyptych.dispatcher.RunningDispatcher;
import dev.polyptych.dispatcher.Stores;
import dev.polyptych.dispatcher.Worker;
import dev.polyptych.dispatcher.admission.Admission;
import dev.polyptych.dispatcher.enqueue.JobSubmission;
import dev.polyptych.dispatcher.enqueue.LaneUnavailableException;
import dev.polyptych.dispatcher.enqueue.LaneWriter;
import dev.polyptych.dispatcher.metrics.SweepMetrics;
import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.policy.reconcile.LaneWindow;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.schema.topic.TraceParent;
import dev.polyptych.store.Claim;
import dev.polyptych.store.Claimant;
import dev.polyptych.store.JobResults;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.store.OpenJobs;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.StoredRequests;
import dev.polyptych.store.WorkerDirectory;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SweepIT {
  private static final String LANE = Topics.of("tiny", Lane.INTERACTIVE);
  private static final Catalog TINY = CatalogFile.builtIn("tiny");
  private static final Instant FAR = Instant.parse("2999-01-01T00:00:00Z");
  private static final Duration LONG_AGO = Duration.ofHours(1);

  private final PlayedLanes lanes = new PlayedLanes();
  private RedisServer server;
  private RedisConnection redis;
  private JobStore store;
  private JobResults results;
  private OpenJobs open;
  private WorkerDirectory workers;

  /** As if every record were settled. */
  private Map<String, List<LaneWindow>> windows = Map.of();

  @BeforeEach
  void start() {
    server = RedisServer.start();
    redis = RedisConnection.open(server.uri());
    store = new JobStore(redis, Retention.DEFAULT);
    results = new JobResults(redis);
    open = new OpenJobs(redis, Retention.DEFAULT);
    workers = new WorkerDirectory(redis);
  }

  @AfterEach
  void stop() {
    redis.close();
    server.close();
  }

  @Test
  void aJobWhoseDispatcherDiedBeforeItProducedIsProducedOnceByWhoeverSweeps() throws Exception {
    // Given
    String id = abandonedByDeath(Requests.COUPLE);
    passTime(id, LONG_AGO);
    // When
    sweep().round();
    forgetSchedule(id);
    sweep().round();
    // Then
    assertEquals(List.of(id), lanes.written);
    assertEquals(JobState.QUEUED, state(id));
  }

  @Test
  void aYoungJobIsLeftToItsDispatcher() throws Exception {
    // Given
    String id = abandonedByDeath(Requests.COUPLE);
    // When
    sweep().round();
    // Then
    assertEquals(List.of(), lanes.written);
    assertEquals(JobState.ACCEPTED, state(id));
    assertEquals(0, sweep().round());
  }

  @Test
  void twoThatSweepAtOnceProduceItOnce() throws Exception {
    // Given
    for (int i = 0; i < 50; i++) {
      passTime(abandonedByDeath(Requests.COUPLE), LONG_AGO);
    }
    // When
    Thread other = Thread.ofVirtual().start(() -> uninterrupted(sweep()));
    sweep().round();
    other.join();
    // Then
    assertEquals(50, lanes.written.size());
    assertEquals(50, lanes.written.stream().distinct().count());
  }

  @Test
  void aBrokerThatIsAwayDelaysIt() throws Exception {
    // Given
    String id = abandonedByDeath(Requests.COUPLE);
    passTime(id, LONG_AGO);
    lanes.away = true;
    sweep().round();
    assertEquals(JobState.ACCEPTED, state(id));
    // When
    lanes.away = false;
    passTime(id, LONG_AGO);
    redis.call(jedis -> jedis.hdel("job:{" + id + "}", "sweptAt"));
    forgetSchedule(id);
    sweep().round();
    // Then
    assertEquals(JobState.QUEUED, state(id));
  }

  @Test
  void aQueuedJobPastItsDeadlineExpiresWithoutAnyWorker() throws Exception {
    // Given
    String id = abandonedByDeath(deadline("startBy"));
    store.queued(id, new QueuePlace(LANE, 0, 0));
    redis.call(jedis -> jedis.hset("job:{" + id + "}", "startBy", "1"));
    // When
    sweep().round();
    // Then
    assertEquals(JobState.EXPIRED, state(id));
    assertEquals(JobState.EXPIRED, results.events(id, "").getLast().state());
    assertEquals(List.of(), open.due(FAR, 10));
  }

  @Test
  void aRenderingJobWhoseWorkerDiedExpiresAtItsDeadlineButNotForItsLateStart() throws Exception {
    // Given
    String started = abandonedByDeath(deadline("startBy"));
    String late = abandonedByDeath(deadline("finishBy"));
    Worker.claims(store, started);
    Worker.claims(store, late);
    redis.call(jedis -> jedis.hset("job:{" + started + "}", "startBy", "1"));
    redis.call(jedis -> jedis.hset("job:{" + late + "}", "finishBy", "1"));
    // When
    sweep().round();
    // Then
    assertEquals(JobState.RENDERING, state(started));
    assertEquals(JobState.EXPIRED, state(late));
  }

  @Test
  void aJobWhoseRecordIsSettledIsProducedAgainOnceItWasFoundSoTwice() throws Exception {
    // Given
    String id = queuedAtAPlaceThatIsSettled();
    // When
    lookAgain(id);
    List<String> afterTheFirst = List.copyOf(lanes.written);
    age(id, Reconciler.LEASE);
    lookAgain(id);
    // Then
    assertEquals(List.of(), afterTheFirst);
    assertEquals(List.of(id), lanes.written);
    assertEquals(List.of(new RecordVersion(1, 1, 0)), lanes.versions);
    assertEquals(
        new Claim.Outdated(),
        store.claim(id, new Claimant("w-1", Duration.ZERO, Optional.empty(), first())));
  }

  @Test
  void findingsThatAreFarApartSayNothing() throws Exception {
    // Given
    String id = queuedAtAPlaceThatIsSettled();
    lookAgain(id);
    // When
    age(id, Reconciler.LEASE.multipliedBy(5));
    lookAgain(id);
    List<String> longAfter = List.copyOf(lanes.written);
    age(id, Reconciler.LEASE);
    lookAgain(id);
    // Then
    assertEquals(List.of(), longAfter);
    assertEquals(List.of(id), lanes.written);
  }

  @Test
  void aJobThatChangedInBetweenIsNotProducedAgain() throws Exception {
    // Given
    String id = queuedAtAPlaceThatIsSettled();
    lookAgain(id);
    age(id, Reconciler.LEASE);
    // When
    Worker.claims(store, id);
    lookAgain(id);
    // Then
    assertEquals(List.of(), lanes.written);
    assertEquals(JobState.RENDERING, state(id));
  }

  @Test
  void aJobThatALiveWorkerHasIsNotProducedAgain() throws Exception {
    // Given
    String id = queuedAtAPlaceThatIsSettled();
    workers.beat(PlayedWorker.holding("w-1", Optional.of(List.of(id))));
    // When
    lookAgain(id);
    age(id, Reconciler.LEASE);
    lookAgain(id);
    // Then
    assertEquals(List.of(), lanes.written);
    assertFalse(redis.call(jedis -> jedis.hgetAll("job:{" + id + "}")).containsKey("suspected"));
  }

  @Test
  void nothingIsProducedAgainWhileAWorkerOfAnOlderVersionLives() throws Exception {
    // Given
    String id = queuedAtAPlaceThatIsSettled();
    workers.beat(PlayedWorker.holding("w-old", Optional.empty()));
    // When
    lookAgain(id);
    age(id, Reconciler.LEASE);
    lookAgain(id);
    // Then
    assertEquals(List.of(), lanes.written);
  }

  @Test
  void nothingIsProducedAgainWhileAHeartbeatCanNotBeReadAndTheSweepGoesOn() throws Exception {
    // Given
    String id = queuedAtAPlaceThatIsSettled();
    String due = abandonedByDeath(deadline("startBy"));
    redis.call(jedis -> jedis.hset("job:{" + due + "}", "startBy", "1"));
    workers.beat(PlayedWorker.holding("w-newer", Optional.of(List.of())));
    redis.call(jedis -> jedis.set("worker2:w-newer", "of another age"));
    // When
    lookAgain(id);
    age(id, Reconciler.LEASE);
    lookAgain(id);
    // Then
    assertEquals(List.of(), lanes.written);
    assertEquals(JobState.EXPIRED, state(due));
  }

  @Test
  void aLostJobWithoutAttemptsLeftFails() throws Exception {
    // Given
    String id = queuedAtAPlaceThatIsSettled();
    for (int i = 0; i < JobStore.MAX_ATTEMPTS; i++) {
      store.claim(id, Claimant.of("w-1"));
    }
    // When
    lookAgain(id);
    age(id, Reconciler.LEASE);
    lookAgain(id);
    // Then
    assertEquals(
        Optional.of(ErrorCode.LOST_BY_STORE),
        store.status(id).orElseThrow().error().map(JobError::code));
    assertEquals(List.of(), lanes.written);
  }

  private static Optional<RecordVersion> first() {
    return Optional.of(RecordVersion.FIRST);
  }

  private String queuedAtAPlaceThatIsSettled() {
    String id = abandonedByDeath(Requests.COUPLE);
    store.queued(id, new QueuePlace(LANE, 0, 3));
    List<LaneWindow> settled = List.of(new LaneWindow(0, 4, 4));
    windows = Map.of(LANE, settled);
    return id;
  }

  private void lookAgain(String id) throws InterruptedException {
    open.lookAgain(id, Instant.EPOCH.plusMillis(1));
    sweep().round();
  }

  /** As if the job had been found lost some time before. */
  private void age(String id, Duration suspicion) {
    String key = "job:{" + id + "}";
    String mark = redis.call(jedis -> jedis.hgetAll(key)).get("suspected");
    if (mark != null) {
      String[] parts = mark.split(" ", 2);
      long since = Long.parseLong(parts[0]) - suspicion.toMillis();
      redis.call(jedis -> jedis.hset(key, "suspected", since + " " + parts[1]));
    }
  }

  @Test
  void settledJobsAndOnesThatNeverWereLeaveTheIndex() throws Exception {
    // Given
    String done = abandonedByDeath(Requests.COUPLE);
    Worker.renders(store, done);
    open.lookAgain("nobody", Instant.EPOCH.plusMillis(1));
    // When
    sweep().round();
    // Then
    assertEquals(List.of(), open.due(FAR, 10));
  }

  @Test
  void whatIsDueIsLookedAtInBoundedRoundsThatTellHowManyTheyWere() throws Exception {
    // Given
    int due = Sweep.AT_MOST + 20;
    IntStream.range(0, due)
        .forEach(i -> open.lookAgain("nobody-" + i, Instant.EPOCH.plusMillis(1)));
    Sweep sweep = sweep();
    // When
    List<Integer> looks = List.of(sweep.round(), sweep.round(), sweep.round());
    // Then
    assertEquals(List.of(Sweep.AT_MOST, 20, 0), looks);
  }

  @Test
  void onlyOneHoldsTheLease() {
    // When
    boolean first = open.lease("one", Duration.ofMinutes(1));
    boolean second = open.lease("two", Duration.ofMinutes(1));
    // Then
    assertTrue(first);
    assertFalse(second);
    assertTrue(open.lease("one", Duration.ofMinutes(1)));
  }

  @Test
  void aRunningDispatcherFindsItAndItIsRendered() throws Exception {
    try (RunningDispatcher running =
            RunningDispatcher.start(Backends.kafkaBootstrapServers(), server.uri(), Map.of());
        LaneTail tail = laneTail(running)) {
      // Given
      String id = abandonedByDeath(Requests.COUPLE);
      // When
      passTime(id, LONG_AGO);
      forgetSchedule(id);
      awaitState(id, JobState.QUEUED);
      // Then
      var records = tail.records();
      assertEquals(1, records.size());
      assertTrue(new String(records.getFirst().value(), UTF_8).contains(id));
      Worker.renders(running.store(), id);
      assertEquals(JobState.DONE, state(id));
    }
  }

  /** Once the dispatcher has made the topics. */
  private static LaneTail laneTail(RunningDispatcher running) {
    running.caller().submittedInTime(Requests.COUPLE);
    return new LaneTail(Backends.kafkaBootstrapServers());
  }

  private Sweep sweep() {
    MissingRecords records =
        new MissingRecords(
            store, new StoredRequests(redis), new JobResolver(TINY), Stores.blindRoutes(), lanes);
    SweepMetrics metrics = new SweepMetrics(new PrometheusRegistry());
    return new Sweep(
        open,
        records,
        new Reconciler(open, workers, () -> Optional.of(windows), records, metrics),
        Duration.ofSeconds(30),
        Clock.systemUTC(),
        metrics);
  }

  private static String deadline(String field) {
    return Requests.coupleWith("\"deadline\": {\"" + field + "\": \"2999-01-01T00:00:00Z\"}");
  }

  /** Accepted, then the dispatcher dies within the write to the broker. */
  private String abandonedByDeath(String json) {
    Admission admission =
        new Admission(
            tenant -> new JobResolver(TINY), Clock.systemUTC(), () -> 7L, url -> Optional.empty());
    RenderJob admitted =
        ((Validated.Valid<RenderJob>)
                admission
                    .read(json.getBytes(UTF_8))
                    .then(read -> admission.resolve(read, "default")))
            .value();
    JobSubmission submission = Stores.submission(store, redis, new DeadlyLanes());
    assertThrows(Death.class, () -> submission.submit(admitted, Stores.origin(), Optional.empty()));
    return admitted.id();
  }

  private void passTime(String id, Duration time) {
    String then = Long.toString(Instant.now().minus(time).toEpochMilli());
    redis.call(jedis -> jedis.hset("job:{" + id + "}", "acceptedAt", then));
  }

  /** Another sweeper has the entry in hand still. */
  private void forgetSchedule(String id) {
    open.lookAgain(id, Instant.EPOCH.plusMillis(1));
  }

  private JobState state(String id) {
    return store.status(id).orElseThrow().state();
  }

  private void awaitState(String id, JobState expected) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (state(id) != expected && System.nanoTime() < end) {
      assertFalse(never.await(20, TimeUnit.MILLISECONDS));
    }
    assertEquals(expected, state(id));
  }

  private static void uninterrupted(Sweep sweep) {
    try {
      sweep.round();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  private record DeadlyLanes() implements LaneWriter {
    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public boolean ready(String base) {
      return true;
    }

    @Override
    public int partitions(String base, Lane lane) {
      return 8;
    }

    @Override
    public QueuePlace write(NewJob job, RecordVersion version, TraceParent trace, int partition) {
      throw new Death();
    }
  }

  private static final class PlayedLanes implements LaneWriter {
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final List<RecordVersion> versions = new CopyOnWriteArrayList<>();
    private volatile boolean away;

    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public boolean ready(String base) {
      return true;
    }

    @Override
    public int partitions(String base, Lane lane) {
      return 8;
    }

    @Override
    public QueuePlace write(NewJob job, RecordVersion version, TraceParent trace, int partition)
        throws LaneUnavailableException {
      if (away) {
        throw new LaneUnavailableException("played", new IllegalStateException());
      }
      written.add(job.job().id());
      versions.add(version);
      return new QueuePlace(LANE, 0, written.size() - 1);
    }
  }
}
