package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.Eventually;
import dev.polyptych.policy.routing.PartitionRanking;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.store.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Jobs that a backend puts on a lane itself, past the dispatcher. */
class DirectJobsIT {
  private static final String ADAPTER = "film-storyboard";
  private static final int PARTITION = PartitionRanking.first(ADAPTER, Bench.PARTITIONS);
  private static final Map<String, String> DIRECT = Map.of(Topics.HEADER_DIRECT, "1");

  private String id = JobId.next(Clock.systemUTC());
  @AutoClose private final Bench bench = Bench.shared();

  @Test
  void aDirectJobIsRenderedLikeOthers() throws Exception {
    bench.start("w1", PaintingEngine.eager());

    produce(DIRECT);

    bench.awaitState(id, JobState.DONE);
    JobStatus status = bench.store.status(id).orElseThrow();
    assertEquals("shop", status.tenant());
    assertEquals(
        List.of(JobState.QUEUED, JobState.RENDERING),
        bench.results.events(id, "").stream().map(JobEvent::state).limit(2).toList());
    assertTrue(bench.results.panel(id, 1).isPresent());
  }

  @Test
  void aDirectJobThatIsProducedTwiceIsRenderedOnce() throws Exception {
    PaintingEngine engine = PaintingEngine.eager();
    bench.start("w1", engine);

    produce(DIRECT);
    long last = produce(DIRECT);

    awaitCommitted(last);
    assertEquals(1, Collections.frequency(engine.begun(), id));
    assertEquals(1, bench.results.events(id, "").stream().filter(this::terminal).count());
    assertEquals(List.of(), bench.deadLetters(id));
  }

  @Test
  void aReplayAfterTheRecordHasExpiredIsNotRenderedAgain() throws Exception {
    PaintingEngine engine = PaintingEngine.eager();
    bench.start("w1", engine);
    produce(DIRECT);
    bench.awaitState(id, JobState.DONE);
    bench.redis.call(jedis -> jedis.del("job:{" + id + "}", "job:{" + id + "}:events"));

    long last = produce(DIRECT);

    awaitCommitted(last);
    assertEquals(1, Collections.frequency(engine.begun(), id));
    assertEquals(Optional.empty(), bench.store.status(id));
    assertEquals(List.of(), bench.deadLetters(id));
  }

  @Test
  void aDirectJobThatFailsIsTriedAgainLikeOthers() throws Exception {
    CountDownLatch failed = new CountDownLatch(1);
    PaintingEngine engine =
        new PaintingEngine(
            (job, step) -> {
              if (failed.getCount() > 0) {
                failed.countDown();
                throw new IllegalStateException("played");
              }
            });
    bench.start("w1", engine);

    produce(DIRECT);

    bench.awaitState(id, JobState.DONE);
    assertEquals(2, bench.store.status(id).orElseThrow().attempt());
  }

  @Test
  void aDirectJobIsCancelledLikeOthers() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    PaintingEngine engine =
        new PaintingEngine(
            (job, step) -> {
              begun.countDown();
              PaintingEngine.hold(goOn);
            });
    bench.start("w1", engine);
    long last = produce(DIRECT);
    Eventually.await(begun);

    Verdict cancelled = bench.store.cancel(id, "shop");
    goOn.countDown();

    assertEquals(Verdict.DONE, cancelled);
    awaitCommitted(last);
    assertEquals(JobState.CANCELLED, bench.store.status(id).orElseThrow().state());
    assertEquals(Optional.empty(), bench.results.sheet(id));
  }

  @Test
  void withoutTheHeaderAJobThatRedisDoesNotKnowIsDrawnAsOneThatItHasLost() throws Exception {
    bench.start("w1", PaintingEngine.eager());

    produce(Map.of(Topics.HEADER_DIRECT, "true"));

    Eventually.until(
        "the job to be done",
        () -> bench.store.status(id).filter(job -> job.state() == JobState.DONE).isPresent());
  }

  @Test
  void anUnknownJobThatIsOlderThanOutcomesAreKeptGetsADeadLetter() throws Exception {
    Duration longAgo = Retention.DEFAULT.tombstones().plusDays(1);
    id = JobId.next(Clock.offset(Clock.systemUTC(), longAgo.negated()));
    PaintingEngine engine = PaintingEngine.eager();
    bench.start("w1", engine);

    produce(Map.of(Topics.HEADER_DIRECT, "true"));

    Eventually.until("a letter", () -> !bench.deadLetters(id).isEmpty());
    assertEquals(
        ErrorCode.UNKNOWN_JOB.name(), bench.deadLetters(id).getFirst().get("code").textValue());
    assertEquals(List.of(), engine.begun());
    assertEquals(Optional.empty(), bench.store.status(id));
  }

  private long produce(Map<String, String> headers) throws Exception {
    JobRequest request = Bench.request(ADAPTER, 1, 2, Optional.empty());
    byte[] value = new RenderRecord(id, "shop", request).bytes();
    return bench.produce(PARTITION, ADAPTER, value, headers);
  }

  private void awaitCommitted(long offset) throws InterruptedException {
    Eventually.until("committed behind " + offset, () -> bench.committed(PARTITION) == offset + 1);
  }

  private boolean terminal(JobEvent event) {
    return event.state().terminal();
  }
}
