package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.embedded.Backends;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobState.Transition;
import dev.polyptych.schema.job.JobState.Trigger;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.job.RenderJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds every script to the table of {@link JobState}: each is run from each state, with and
 * without a passed deadline, with attempts used up and with a lost worker, and whatever it changes
 * must stand in the table.
 */
class JobTransitionsIT {
  private static final JobError ERROR = new JobError(ErrorCode.RENDER_FAILED, "played");
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final String TOPIC = "polyptych.render.tiny.interactive";
  private static final QueuePlace PLACE = new QueuePlace(TOPIC, 0, 0);
  private static final RenderedSet IMAGES =
      new RenderedSet(new byte[] {1}, List.of(new byte[] {2}, new byte[] {3}));

  /** Scripts that change no job's state: keys of callbacks, idempotency, limits and pictures. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "admit",
          "callback-claim",
          "callback-redeliver",
          "callback-report",
          "forget",
          "forward",
          "leave",
          "relist",
          "reserve",
          "shelve",
          "trail");

  private static RedisConnection redis;
  private static JobStore store;
  private static OpenJobs open;

  /** What is true of the job beside its state. */
  private enum Condition {
    NONE,
    START_BY_PASSED,
    FINISH_BY_PASSED,
    ATTEMPTS_USED,
    A_WORKER_LOST
  }

  /** A call of the store, and the script that it runs. */
  private enum Call {
    ACCEPT("accept", Trigger.ACCEPT),
    ADOPT("adopt", Trigger.ADOPT),
    QUEUE("queue", Trigger.QUEUE),
    MOVE("moved", null),
    CLAIM("claim", Trigger.CLAIM),
    PROGRESS("progress", Trigger.PROGRESS),
    CHECKPOINT("checkpoint", null),
    RELEASE("release", Trigger.RELEASE),
    RETRY("release", Trigger.RETRY),
    FINISH("finish", Trigger.FINISH),
    FAIL("settle", Trigger.FAIL),
    REJECT("settle", Trigger.REJECT),
    ABANDON("settle", Trigger.ABANDON),
    CANCEL("settle", Trigger.CANCEL),
    SWEEP("sweep", Trigger.SWEEP),
    REPLACE("replace", Trigger.REPLACE);

    private final String script;
    private final Trigger trigger;

    Call(String script, Trigger trigger) {
      this.script = script;
      this.trigger = trigger;
    }
  }

  @BeforeAll
  static void open() {
    redis = RedisConnection.open(Backends.redisUri());
    store = new JobStore(redis, Retention.DEFAULT);
    open = new OpenJobs(redis, Retention.DEFAULT);
  }

  @AfterAll
  static void close() {
    redis.close();
  }

  @Test
  void theScriptsMakeExactlyTheTransitionsOfTheTable() {
    Set<Transition> made = new HashSet<>();
    for (Condition condition : Condition.values()) {
      for (Call call : Call.values()) {
        made(Optional.empty(), condition, call).ifPresent(made::add);
        for (JobState state : JobState.values()) {
          made(Optional.of(state), condition, call).ifPresent(made::add);
        }
      }
    }

    assertEquals(text(JobState.transitions()), text(made));
  }

  @Test
  void everyScriptIsRunByOneOfTheCallsOrTouchesNoState() throws IOException {
    Set<String> known = new TreeSet<>(ELSEWHERE);
    Arrays.stream(Call.values()).forEach(call -> known.add(call.script));
    known.add("prelude");

    assertEquals(known, new TreeSet<>(scripts()));
  }

  /** What a call changes of a fresh job; empty where it changes no state. */
  private static Optional<Transition> made(
      Optional<JobState> from, Condition condition, Call call) {
    String id = JobId.next(Clock.systemUTC());
    if (from.isPresent() && !bring(id, from.get(), condition)) {
      return Optional.empty();
    }
    int attempt = store.status(id).map(JobStatus::attempt).orElse(0);
    call(id, attempt, call);
    Optional<JobStatus> after = store.status(id);
    boolean changed =
        !after.map(JobStatus::state).equals(from)
            || after.map(JobStatus::attempt).orElse(0) > attempt;
    return changed
        ? Optional.of(new Transition(from, call.trigger, after.orElseThrow().state()))
        : Optional.empty();
  }

  /** Whether a job can be in the state under the condition at all; then it is. */
  private static boolean bring(String id, JobState state, Condition condition) {
    store.accept(NewJob.of(job(id), "default"));
    if (condition == Condition.ATTEMPTS_USED) {
      if (state == JobState.ACCEPTED) {
        return false;
      }
      for (int attempt = 1; attempt < JobStore.MAX_ATTEMPTS; attempt++) {
        store.retry(id, claim(id), Duration.ZERO, ERROR);
      }
      int last = claim(id);
      if (state == JobState.QUEUED) {
        store.retry(id, last, Duration.ZERO, ERROR);
      } else if (state != JobState.RENDERING) {
        end(id, last, state);
      }
    } else if (state != JobState.ACCEPTED) {
      store.queued(id, PLACE);
      if (state != JobState.QUEUED) {
        int attempt = claim(id);
        if (state != JobState.RENDERING) {
          end(id, attempt, state);
        }
      }
    }
    pass(id, condition);
    assertEquals(state, store.status(id).orElseThrow().state(), "the state that is to be left");
    return true;
  }

  private static void end(String id, int attempt, JobState state) {
    switch (state) {
      case DONE -> store.finish(id, attempt, IMAGES);
      case FAILED -> store.fail(id, attempt, ERROR);
      case CANCELLED -> store.cancel(id, "default");
      case EXPIRED -> {
        pass(id, Condition.FINISH_BY_PASSED);
        store.progress(id, attempt, 1, false);
      }
      case ACCEPTED, QUEUED, RENDERING -> throw new IllegalArgumentException(state.text());
    }
  }

  private static void pass(String id, Condition condition) {
    String key = new JobKeys(id).job();
    switch (condition) {
      case START_BY_PASSED -> redis.call(jedis -> jedis.hset(key, "startBy", "1"));
      case FINISH_BY_PASSED -> redis.call(jedis -> jedis.hset(key, "finishBy", "1"));
      case A_WORKER_LOST -> redis.call(jedis -> jedis.hset(key, "lost", ",7,"));
      case NONE, ATTEMPTS_USED -> {
        // The calls before have done it.
      }
    }
  }

  private static void call(String id, int attempt, Call call) {
    switch (call) {
      case ACCEPT -> store.accept(NewJob.of(job(id), "default"));
      case ADOPT -> store.adopt(NewJob.of(job(id), "default"));
      case QUEUE -> store.queued(id, PLACE);
      case MOVE -> store.moved(id, new RecordVersion(1, 1), PLACE);
      case CLAIM -> claimAfter(id);
      case PROGRESS -> store.progress(id, attempt, 1, true);
      case CHECKPOINT -> store.checkpoint(id, attempt, new Checkpoint(1, new byte[] {1}));
      case RELEASE -> store.release(id, attempt, false);
      case RETRY -> store.retry(id, attempt, Duration.ZERO, ERROR);
      case FINISH -> store.finish(id, attempt, IMAGES);
      case FAIL -> store.fail(id, attempt, ERROR);
      case REJECT -> store.reject(id, "default", new RecordVersion(3, 9), ERROR);
      case ABANDON -> store.abandon(id, ERROR);
      case CANCEL -> store.cancel(id, "default");
      case SWEEP -> open.look(id, Duration.ZERO, Duration.ofMinutes(5));
      case REPLACE -> {
        OpenJobs.OpenJob lost = new OpenJobs.OpenJob(id, TOPIC, Optional.empty(), standing(id));
        open.replace(lost, LEASE);
        foundBefore(id, LEASE.multipliedBy(2));
        open.replace(lost, LEASE);
      }
    }
  }

  /** Moves the time when a job was first found lost into the past. */
  private static void foundBefore(String id, Duration ago) {
    String key = new JobKeys(id).job();
    redis.call(
        jedis -> {
          String suspected = jedis.hget(key, "suspected");
          if (suspected != null) {
            String[] sinceAndStanding = suspected.split(" ", 2);
            long since = Long.parseLong(sinceAndStanding[0]) - ago.toMillis();
            jedis.hset(key, "suspected", since + " " + sinceAndStanding[1]);
          }
          return suspected;
        });
  }

  private static String standing(String id) {
    return redis
        .call(
            jedis ->
                jedis.hmget(
                    new JobKeys(id).job(), "state", "attempt", "edition", "partition", "offset"))
        .stream()
        .map(value -> value == null ? "-" : value)
        .collect(Collectors.joining(" "));
  }

  /** Another worker than the one that may hold it, which is dead. */
  private static void claimAfter(String id) {
    Claimant other = Claimant.of("w-2");
    if (store.claim(id, other) instanceof Claim.Suspect(int attempt, var worker, var process)) {
      store.claim(id, other.having(new Claim.Looked(attempt, false)));
    }
  }

  private static int claim(String id) {
    return ((Claim.Granted) store.claim(id, Claimant.of("w-1"))).attempt();
  }

  private static List<String> scripts() throws IOException {
    Path folder = Path.of("src/main/resources/dev/polyptych/store");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".lua"))
          .map(name -> name.replace(".lua", ""))
          .toList();
    }
  }

  private static String text(Collection<Transition> transitions) {
    return transitions.stream()
        .map(Transition::toString)
        .sorted(Comparator.naturalOrder())
        .collect(Collectors.joining("\n"));
  }

  private static RenderJob job(String id) {
    String json =
        "{\"task\": \"couple-profile\", \"prompt\": \"p\", \"panels\": [\"a\", \"b\"], \"seed\": 1}";
    JobRequest request =
        ((Validated.Valid<JobRequest>) JobRequestReader.read(json.getBytes(UTF_8))).value();
    JobResolver resolver = new JobResolver(CatalogFile.builtIn("tiny"));
    return ((Validated.Valid<RenderJob>) resolver.resolve(id, request)).value();
  }
}
