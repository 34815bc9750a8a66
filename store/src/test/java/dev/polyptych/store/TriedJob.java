package dev.polyptych.store;

import static dev.polyptych.store.JobScripts.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Outcome;
import dev.polyptych.schema.job.RenderJob;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import redis.clients.jedis.StreamEntryID;

/** A job in the real store, with a ledger of what its calls have answered. */
final class TriedJob {
  private static final JobError ERROR = new JobError(ErrorCode.RENDER_FAILED, "played");

  private final RedisConnection redis;
  private final JobStore store;
  private final JobResults results;
  private final OpenJobs openJobs;
  private final Function<String, RenderJob> resolve;
  private final String id = JobId.next(Clock.systemUTC());
  private final List<Integer> granted = new ArrayList<>();
  private final List<RenderedSet> delivered = new ArrayList<>();
  private int calls;
  private int claims;

  TriedJob(RedisConnection redis, Function<String, RenderJob> resolve) {
    this.redis = redis;
    this.store = new JobStore(redis, Retention.DEFAULT);
    this.results = new JobResults(redis);
    this.openJobs = new OpenJobs(redis, Retention.DEFAULT);
    this.resolve = resolve;
  }

  /** The number of an attempt, counted from the newest; one that nobody was granted if need be. */
  int attempt(int back) {
    return back < granted.size() ? granted.get(granted.size() - 1 - back) : 99;
  }

  /** Makes the call; its answer as text, empty where it has none. */
  String call(Step step) {
    int attempt = attempt(step.back());
    calls++;
    return switch (step.kind()) {
      case ACCEPT -> store.accept(NewJob.of(resolve.apply(id), "default")).name();
      case ADOPT -> store.adopt(NewJob.of(resolve.apply(id), "default")).name();
      case QUEUE ->
          text(new JobScripts(redis).run(Script.load("queue"), id, List.of(), "lane", "0", "0"));
      case CLAIM -> claim();
      case PROGRESS -> store.progress(id, attempt, step.step(), true).name();
      case CHECKPOINT ->
          store.checkpoint(id, attempt, new Checkpoint(step.step(), new byte[] {1})).name();
      case FINISH -> finish(attempt);
      case RELEASE -> store.release(id, attempt, false).name();
      case RETRY -> store.retry(id, attempt, Duration.ofSeconds(2), ERROR).name();
      case FAIL -> store.fail(id, attempt, ERROR).name();
      case CANCEL -> store.cancel(id, "default").name();
      case ABANDON -> store.abandon(id, ERROR).name();
      case SWEEP -> openJobs.look(id, Duration.ZERO, Duration.ofMinutes(5)).finding().name();
      case START_BY_PASSES -> passed("startBy");
      case FINISH_BY_PASSES -> passed("finishBy");
      case RECORD_EXPIRES -> expire();
    };
  }

  Optional<JobState> state() {
    return store.status(id).map(JobStatus::state);
  }

  /** What is known of it when its record is not kept any more. */
  Optional<JobState> outcome() {
    return new Tombstones(redis).outcome(id, "default").map(Outcome::state);
  }

  /** Has workers take it up until it is settled, as its record's redelivery would. */
  void settle() {
    while (state().filter(state -> !state.terminal()).isPresent()) {
      claim();
      finish(attempt(0));
    }
  }

  /** What a caller can see of a settled job: one end, and images exactly of the finish that won. */
  void checkSettled() {
    JobState end = state().orElseThrow();
    List<JobEvent> events = results.events(id, "");
    assertTrue(end.terminal(), end::text);
    assertEquals(
        List.of(end),
        events.stream().map(JobEvent::state).filter(JobState::terminal).toList(),
        "terminal events");
    assertEquals(end, events.getLast().state(), "the last event");
    checkOutcome();
    assertEquals(Optional.of(end), outcome(), "the tombstone");
    assertEquals(end == JobState.DONE, results.sheet(id).isPresent(), "a sheet is there");
    if (end == JobState.DONE) {
      RenderedSet won = delivered.getFirst();
      assertArrayEquals(won.sheet(), results.sheet(id).orElseThrow());
      assertArrayEquals(won.panels().getFirst(), results.panel(id, 1).orElseThrow());
      assertArrayEquals(won.panels().getLast(), results.panel(id, 2).orElseThrow());
    }
    checkOrder(events);
  }

  /** As many finishes were told DONE as there are results, whatever is still kept. */
  void checkOutcome() {
    int results = outcome().equals(Optional.of(JobState.DONE)) ? 1 : 0;
    assertEquals(results, delivered.size(), "finishes that were told DONE");
  }

  private static void checkOrder(List<JobEvent> events) {
    Map<Integer, Integer> steps = new HashMap<>();
    JobEvent last = null;
    for (JobEvent event : events) {
      if (last != null) {
        StreamEntryID before = new StreamEntryID(last.eventId());
        assertTrue(before.compareTo(new StreamEntryID(event.eventId())) < 0, "stream ids rise");
        assertTrue(last.attempt() <= event.attempt(), "attempts rise");
      }
      if (event.state() == JobState.RENDERING) {
        Integer before = steps.put(event.attempt(), event.step());
        assertTrue(
            before == null || before <= event.step(),
            () ->
                "attempt %d fell from step %d to %d"
                    .formatted(event.attempt(), before, event.step()));
      }
      last = event;
    }
  }

  private String claim() {
    Claimant claimant = Claimant.of("claimant-" + claims++);
    Claim claim = store.claim(id, claimant);
    if (claim instanceof Claim.Suspect(int attempt, var worker, var process)) {
      claim = store.claim(id, claimant.having(new Claim.Looked(attempt, false)));
    }
    return switch (claim) {
      case Claim.Granted(int attempt, var checkpoint, var told) -> {
        granted.add(attempt);
        yield "granted " + attempt;
      }
      case Claim.Settled(JobState state) -> "settled " + state;
      case Claim.Outdated() -> "outdated";
      case Claim.Unknown() -> "UNKNOWN";
      case Claim.Suspect suspect -> "unanswered";
    };
  }

  /** No two calls bring the same images. */
  private String finish(int attempt) {
    String mark = "%s %d %d".formatted(id, attempt, calls++);
    RenderedSet images =
        new RenderedSet(
            mark.getBytes(UTF_8),
            List.of((mark + " 1").getBytes(UTF_8), (mark + " 2").getBytes(UTF_8)));
    Verdict verdict = store.finish(id, attempt, images);
    if (verdict == Verdict.DONE) {
      delivered.add(images);
    }
    return verdict.name();
  }

  /** Redis's clock can't be moved, but the deadline can. */
  private String passed(String deadline) {
    String key = new JobKeys(id).job();
    if (redis.<Boolean>call(jedis -> jedis.exists(key))) {
      redis.call(jedis -> jedis.hset(key, deadline, "1"));
    }
    return "";
  }

  /** Only settled jobs have a time to live. */
  private String expire() {
    JobKeys keys = new JobKeys(id);
    if (redis.<Long>call(jedis -> jedis.ttl(keys.job())) > 0) {
      redis.call(jedis -> jedis.del(keys.job(), keys.events(), keys.sheet()));
    }
    return "";
  }
}
