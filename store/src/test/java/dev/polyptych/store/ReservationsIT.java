package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Limit;
import dev.polyptych.schema.error.LimitHit;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RenderJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReservationsIT {
  private static final long WIDE = 1_000_000;
  private static final String SUMS = "{reservations}:sums";

  private static RedisServer server;
  private static RedisConnection redis;
  private static JobStore store;
  private static Reservations reservations;

  @BeforeAll
  static void open() {
    server = RedisServer.start();
    redis = RedisConnection.open(server.uri());
    store = new JobStore(redis, Retention.DEFAULT);
    reservations = new Reservations(redis);
  }

  @AfterAll
  static void close() {
    redis.close();
    server.close();
  }

  @AfterEach
  void forget() {
    redis.call(jedis -> jedis.flushAll());
  }

  @Test
  void submissionsComeInABurstAndThenAtTheirRate() {
    // Given a burst of three, used up, at one in a hundred seconds
    Quotas quotas = quotas(OptionalDouble.of(0.01), OptionalLong.empty(), OptionalDouble.empty());
    for (int i = 0; i < 3; i++) {
      assertEquals(Optional.empty(), reserve(job(), quotas, 0));
    }
    // When
    LimitHit hit = reserve(job(), quotas, 0).orElseThrow();
    passTime(Duration.ofSeconds(100));
    Optional<LimitHit> later = reserve(job(), quotas, 0);
    Optional<LimitHit> oneTooMany = reserve(job(), quotas, 0);
    // Then
    assertEquals(Limit.SUBMISSIONS_PER_SECOND, hit.name());
    assertEquals(0.01, hit.value());
    assertEquals(3, hit.used(), 0.01);
    assertTrue(hit.retryAfterSeconds() >= 99 && hit.retryAfterSeconds() <= 100, hit::toString);
    assertEquals(Optional.empty(), later);
    assertTrue(oneTooMany.isPresent());
  }

  @Test
  void aLongPauseSavesUpNoMoreThanTheBurst() {
    Quotas quotas = quotas(OptionalDouble.of(0.01), OptionalLong.empty(), OptionalDouble.empty());
    reserve(job(), quotas, 0);
    passTime(Duration.ofDays(30));

    long granted =
        java.util.stream.IntStream.range(0, 10)
            .filter(i -> reserve(job(), quotas, 0).isEmpty())
            .count();

    assertEquals(3, granted);
  }

  @Test
  void dispatchersThatAskAtOnceNeverGrantMoreThanThereIs() throws Exception {
    Quotas quotas = quotas(OptionalDouble.empty(), OptionalLong.of(10), OptionalDouble.empty());
    List<Callable<Boolean>> calls = new ArrayList<>();
    try (RedisConnection other = RedisConnection.open(server.uri());
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Reservations others = new Reservations(other);
      for (int i = 0; i < 100; i++) {
        Reservations asked = i % 2 == 0 ? reservations : others;
        calls.add(() -> asked.reserve(job(), "t", quotas, Duration.ZERO, WIDE).isEmpty());
      }
      int granted = 0;
      for (Future<Boolean> answer : threads.invokeAll(calls)) {
        granted += answer.get() ? 1 : 0;
      }
      assertEquals(10, granted);
    }
    assertEquals("10", sum("jobs:t"));
  }

  @Test
  void gpuTimeIsSummedAndAJobBeyondItByItselfMayGoAlone() {
    Quotas quotas = quotas(OptionalDouble.empty(), OptionalLong.empty(), OptionalDouble.of(12));

    assertEquals(Optional.empty(), reserve(job(), quotas, 5));
    assertEquals(Optional.empty(), reserve(job(), quotas, 5));
    assertEquals(
        Optional.of(new LimitHit(Limit.GPU_SECONDS, 12, 10, 5)), reserve(job(), quotas, 5));
    forget();
    assertEquals(Optional.empty(), reserve(job(), quotas, 100));
    assertTrue(reserve(job(), quotas, 1).isPresent());
  }

  @Test
  void aTenantMayUseItsGpuTimeToTheLastSecond() {
    Quotas quotas = quotas(OptionalDouble.empty(), OptionalLong.empty(), OptionalDouble.of(12));
    reserve(job(), quotas, 5);

    assertEquals(Optional.empty(), reserve(job(), quotas, 7));

    assertTrue(reserve(job(), quotas, 1).isPresent());
  }

  @Test
  void aLaneIsFullForEveryTenant() {
    Duration none = Duration.ZERO;
    assertEquals(Optional.empty(), reservations.reserve(job(), "anna", Quotas.UNLIMITED, none, 1));

    Optional<LimitHit> hit = reservations.reserve(job(), "bert", Quotas.UNLIMITED, none, 1);

    assertEquals(Optional.of(new LimitHit(Limit.LANE_JOBS, 1, 1, 5)), hit);
  }

  @Test
  void aJobThatAsksAgainCountsOnce() {
    Quotas quotas = quotas(OptionalDouble.empty(), OptionalLong.of(1), OptionalDouble.empty());
    RenderJob job = job();

    assertEquals(Optional.empty(), reserve(job, quotas, 7));
    assertEquals(Optional.empty(), reserve(job, quotas, 7));

    assertEquals("1", sum("jobs:t"));
    assertEquals("7000", sum("gpu:t"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"done", "failed", "cancelled", "abandoned", "expired", "exhausted"})
  void howeverAJobSettlesItGivesEverythingBack(String end) {
    // Given
    RenderJob job = job();
    reserve(job, Quotas.UNLIMITED, 3);
    store.accept(NewJob.of(job, "t"));
    assertEquals("3000", sum("gpu:t"));
    // When
    settle(job.id(), end);
    // Then
    assertTrue(store.status(job.id()).orElseThrow().state().terminal());
    assertEquals(Map.of(), sums());
  }

  @Test
  void aForeignCancelGivesNothingBack() {
    RenderJob job = job();
    reserve(job, Quotas.UNLIMITED, 3);
    store.accept(NewJob.of(job, "t"));

    assertEquals(Verdict.UNKNOWN, store.cancel(job.id(), "other"));

    assertEquals("1", sum("jobs:t"));
  }

  @Test
  void whatADispatcherThatDiedLeftIsGivenBackAndWhatIsOpenIsNot() {
    // Given one that died before it wrote the record, an hour ago and just now
    RenderJob died = job(hourAgo());
    reserve(died, Quotas.UNLIMITED, 1);
    reserve(job(), Quotas.UNLIMITED, 1);
    // and one that died between settling the job and giving back
    RenderJob settled = job();
    store.accept(NewJob.of(settled, "t"));
    store.cancel(settled.id(), "t");
    reserve(settled, Quotas.UNLIMITED, 1);
    // and an old job that is open
    RenderJob open = job(hourAgo());
    reserve(open, Quotas.UNLIMITED, 1);
    store.accept(NewJob.of(open, "t"));
    // When
    String cursor = reservations.repair("0", Instant.now());
    // Then
    assertEquals("0", cursor);
    assertEquals("2", sum("jobs:t"));
  }

  @Test
  void aReservationWithoutARecordIsGivenBackAtTheAgeOfAMinuteAndNotBefore() {
    Instant now = Instant.parse("2026-01-01T00:01:00Z");
    reserve(
        job(Clock.fixed(now.minusSeconds(60).plusMillis(1), ZoneOffset.UTC)), Quotas.UNLIMITED, 1);

    reservations.repair("0", now);
    String young = sum("jobs:t");
    reservations.repair("0", now.plusMillis(1));

    assertEquals("1", young);
    assertEquals(Map.of(), sums());
  }

  @Test
  void theRepairComesRoundToAll() {
    for (int i = 0; i < 3_000; i++) {
      reserve(job(hourAgo()), Quotas.UNLIMITED, 1);
    }

    String cursor = reservations.repair("0", Instant.now());
    int rounds = 1;
    while (!cursor.equals("0")) {
      cursor = reservations.repair(cursor, Instant.now());
      rounds++;
    }

    assertEquals(Map.of(), sums());
    assertTrue(rounds > 1, "one round looked at everything");
  }

  @Test
  void theSumsAreThoseOfTheReservationsWhateverHappensAtOnce() throws Exception {
    List<Callable<Void>> workers = new ArrayList<>();
    for (int worker = 0; worker < 4; worker++) {
      Random random = new Random(worker);
      workers.add(() -> churn(random));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<Void> done : threads.invokeAll(workers)) {
        done.get();
      }
    }
    Map<String, String> expected = new HashMap<>();
    reserved()
        .values()
        .forEach(
            held -> {
              String[] parts = held.split(" ");
              add(expected, "jobs:" + parts[0], 1);
              add(expected, "lane:" + parts[1], 1);
              add(expected, "gpu:" + parts[0], Long.parseLong(parts[2]));
            });
    assertEquals(expected, sums());
  }

  private static Void churn(Random random) {
    List<RenderJob> held = new ArrayList<>();
    Quotas quotas = quotas(OptionalDouble.empty(), OptionalLong.of(20), OptionalDouble.empty());
    for (int i = 0; i < 200; i++) {
      RenderJob job = job();
      String tenant = "t" + random.nextInt(3);
      Duration cost = Duration.ofMillis(1 + random.nextInt(5_000));
      if (reservations.reserve(job, tenant, quotas, cost, WIDE).isEmpty()) {
        held.add(job);
      }
      if (!held.isEmpty() && random.nextInt(3) > 0) {
        String left = held.get(random.nextInt(held.size())).id();
        reservations.release(left);
      }
    }
    return null;
  }

  private static void add(Map<String, String> sums, String name, long amount) {
    sums.merge(
        name,
        Long.toString(amount),
        (a, b) -> Long.toString(Long.parseLong(a) + Long.parseLong(b)));
  }

  private static void settle(String id, String end) {
    JobError error = new JobError(ErrorCode.RENDER_FAILED, "played");
    switch (end) {
      case "done" -> {
        RenderedSet images = new RenderedSet(new byte[1], List.of(new byte[1], new byte[1]));
        assertEquals(Verdict.DONE, store.finish(id, attempt(id), images));
      }
      case "failed" -> assertEquals(Verdict.DONE, store.fail(id, attempt(id), error));
      case "cancelled" -> assertEquals(Verdict.DONE, store.cancel(id, "t"));
      case "abandoned" -> assertEquals(Verdict.DONE, store.abandon(id, error));
      case "expired" -> {
        redis.call(jedis -> jedis.hset("job:{" + id + "}", "finishBy", "1"));
        store.claim(id, Claimant.of("w"));
      }
      default -> {
        for (int i = 0; i <= JobStore.MAX_ATTEMPTS; i++) {
          store.claim(id, Claimant.of("w"));
        }
      }
    }
  }

  private static int attempt(String id) {
    return ((Claim.Granted) store.claim(id, Claimant.of("w"))).attempt();
  }

  private static Optional<LimitHit> reserve(RenderJob job, Quotas quotas, long gpuSeconds) {
    return reservations.reserve(job, "t", quotas, Duration.ofSeconds(gpuSeconds), WIDE);
  }

  private static Quotas quotas(OptionalDouble rate, OptionalLong jobs, OptionalDouble gpuSeconds) {
    return new Quotas(rate, 3, jobs, gpuSeconds, OptionalLong.empty());
  }

  private static void passTime(Duration time) {
    String bucket = "{reservations}:rate:t";
    redis.call(jedis -> jedis.hincrBy(bucket, "at", -time.toMillis()));
  }

  private static Map<String, String> sums() {
    return redis.call(jedis -> jedis.hgetAll(SUMS));
  }

  private static Map<String, String> reserved() {
    return redis.call(jedis -> jedis.hgetAll("{reservations}:jobs"));
  }

  private static String sum(String name) {
    return redis.call(jedis -> jedis.hget(SUMS, name));
  }

  private static Clock hourAgo() {
    return Clock.fixed(Instant.now().minus(Duration.ofHours(1)), ZoneOffset.UTC);
  }

  private static RenderJob job() {
    return job(Clock.systemUTC());
  }

  private static RenderJob job(Clock clock) {
    return ((Validated.Valid<RenderJob>)
            new JobResolver(CatalogFile.builtIn("tiny")).resolve(JobId.next(clock), request()))
        .value();
  }

  private static JobRequest request() {
    String json =
        "{\"task\": \"couple-profile\", \"prompt\": \"p\", \"panels\": [\"a\", \"b\"], \"seed\": 1}";
    return ((Validated.Valid<JobRequest>) JobRequestReader.read(json.getBytes(UTF_8))).value();
  }
}
