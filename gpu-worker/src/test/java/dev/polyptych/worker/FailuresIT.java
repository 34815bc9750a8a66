package dev.polyptych.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.engine.Eventually;
import dev.polyptych.policy.routing.PartitionRanking;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.Deadline;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.Claimant;
import dev.polyptych.store.NewJob;
import dev.polyptych.worker.render.RenderException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class FailuresIT {
  private static final String ADAPTER = "film-storyboard";
  private static final int PARTITION = PartitionRanking.first(ADAPTER, Bench.PARTITIONS);

  @AutoClose private final Bench bench = Bench.shared();

  @Test
  void aGarbageRecordGoesToTheDeadTopicWithAReasonAndTheNextJobIsRendered() throws Exception {
    // Given
    bench.start("w1", PaintingEngine.eager());
    String garbage = "garbage " + UUID.randomUUID();
    // When
    bench.produce(PARTITION, ADAPTER, garbage.getBytes(UTF_8));
    RenderJob next = bench.submit(ADAPTER, 1, 2);
    // Then
    bench.awaitState(next.id(), JobState.DONE);
    Eventually.until("a letter", () -> !bench.deadLetters(garbage).isEmpty());
    JsonNode letter = bench.deadLetters(garbage).getFirst();
    assertEquals(ErrorCode.MALFORMED_RECORD.name(), letter.get("code").textValue());
    assertFalse(letter.get("detail").textValue().isBlank());
    assertEquals(PARTITION, letter.get("origin").get("partition").intValue());
    long end = letter.get("origin").get("offset").longValue() + 2;
    Eventually.until("both are committed", () -> bench.committed(PARTITION) == end);
  }

  @Test
  void aJobThatFailsAtEveryAttemptIsTriedThreeTimesThenFailedAndBuried() throws Exception {
    // Given
    PaintingEngine engine =
        new PaintingEngine(
            (job, step) -> {
              if (job.sampling().seed() == 13 && step == 1) {
                throw new IllegalStateException("no luck with this seed");
              }
            });
    bench.start("w1", engine);
    // When
    RenderJob unlucky = bench.submit(ADAPTER, 13, 3);
    // Then
    bench.awaitState(unlucky.id(), JobState.FAILED);
    assertEquals(3, Collections.frequency(engine.begun(), unlucky.id()));
    JobStatus status = bench.store.status(unlucky.id()).orElseThrow();
    assertEquals(ErrorCode.RENDER_FAILED, status.error().orElseThrow().code());
    Eventually.until("a letter", () -> !bench.deadLetters(unlucky.id()).isEmpty());
    List<JsonNode> letters = bench.deadLetters(unlucky.id());
    assertEquals(1, letters.size());
    assertEquals(3, letters.getFirst().get("attempts").intValue());
    assertEquals(
        "an unexpected error; the operator finds it in the worker's log under the job's id",
        letters.getFirst().get("detail").textValue());
    RenderJob next = bench.submit(ADAPTER, 14, 2);
    bench.awaitState(next.id(), JobState.DONE);
  }

  @Test
  void aFailureThatEveryAttemptWouldRepeatEndsTheJobAtOnceWithoutPathsOfTheMachine()
      throws Exception {
    // Given
    PaintingEngine engine =
        new PaintingEngine(
            (job, step) -> {
              throw RenderException.lasting(
                  ErrorCode.ADAPTER_UNAVAILABLE,
                  "/srv/models/nano/adapters/fox.safetensors: key 'a/b' is not finite",
                  null);
            });
    bench.start("w1", engine);
    // When
    RenderJob job = bench.submit(ADAPTER, 13, 3);
    // Then
    bench.awaitState(job.id(), JobState.FAILED);
    assertEquals(List.of(job.id()), engine.begun());
    assertEquals(
        new JobError(ErrorCode.ADAPTER_UNAVAILABLE, "fox.safetensors: key 'a/b' is not finite"),
        bench.store.status(job.id()).orElseThrow().error().orElseThrow());
    Eventually.until("a letter", () -> !bench.deadLetters(job.id()).isEmpty());
    assertEquals(1, bench.deadLetters(job.id()).getFirst().get("attempts").intValue());
  }

  @Test
  void aJobThatTwoWorkersDiedWithIsFailedAsPoisonWithALetter() throws Exception {
    // Given a job that two workers claimed and never came back with
    JobRequest request = Bench.request(ADAPTER, 13, 3, Optional.empty());
    RenderJob job = Bench.resolve("t-" + UUID.randomUUID(), request);
    bench.store.accept(NewJob.of(job, "tester"));
    bench.store.claim(job.id(), Claimant.of("dead-1"));
    bench.store.claim(job.id(), Claimant.of("dead-2"));
    PaintingEngine engine = PaintingEngine.eager();
    bench.start("w1", engine);
    // When
    bench.produce(PARTITION, ADAPTER, NewJob.of(job, "tester").record().bytes());
    // Then
    bench.awaitState(job.id(), JobState.FAILED);
    assertEquals(
        ErrorCode.POISON, bench.store.status(job.id()).orElseThrow().error().orElseThrow().code());
    Eventually.until("a letter", () -> !bench.deadLetters(job.id()).isEmpty());
    JsonNode letter = bench.deadLetters(job.id()).getFirst();
    assertEquals("ATTEMPTS_EXHAUSTED", letter.get("code").textValue());
    assertEquals("POISON", letter.get("exactCode").textValue());
    assertEquals(List.of(), engine.begun());
  }

  @Test
  void aJobThatFailedWaitsForItsNextTryWhileOthersAreRenderedAndCommitted() throws Exception {
    // Given a job that fails once
    AtomicInteger failures = new AtomicInteger();
    PaintingEngine engine =
        new PaintingEngine(
            (job, step) -> {
              if (job.sampling().seed() == 13 && failures.getAndIncrement() == 0) {
                throw new IllegalStateException("not the first time");
              }
            });
    bench.start("w1", engine);
    RenderJob unlucky = bench.submit(ADAPTER, 13, 3);
    Eventually.until("it waits", () -> nextAttemptAt(unlucky).isPresent());
    Instant due = nextAttemptAt(unlucky).orElseThrow();
    // When
    RenderJob sound = bench.submit(ADAPTER, 14, 2);
    // Then
    bench.awaitState(sound.id(), JobState.DONE);
    bench.awaitState(unlucky.id(), JobState.DONE);
    assertEquals(List.of(unlucky.id(), sound.id(), unlucky.id()), engine.begun());
    JobStatus status = bench.store.status(unlucky.id()).orElseThrow();
    assertEquals(2, status.attempt());
    assertEquals(Optional.empty(), status.nextAttemptAt());
    assertFalse(status.times().finished().orElseThrow().isBefore(due.minusMillis(50)));
    Eventually.until("all three records are committed", () -> bench.committed() >= 3);
  }

  private Optional<Instant> nextAttemptAt(RenderJob job) {
    return bench.store.status(job.id()).flatMap(JobStatus::nextAttemptAt);
  }

  @Test
  void aJobThatTheStoreDoesNotKnowIsBuried() throws Exception {
    // Given
    PaintingEngine engine = PaintingEngine.eager();
    bench.start("w1", engine);
    String id = "nobody-" + UUID.randomUUID();
    JobRequest request = Bench.request(ADAPTER, 1, 2, Optional.empty());
    // When
    RenderJob job = Bench.resolve(id, request);
    bench.produce(PARTITION, ADAPTER, NewJob.of(job, "tester").record().bytes());
    // Then
    Eventually.until("a letter", () -> !bench.deadLetters(id).isEmpty());
    assertEquals(
        ErrorCode.UNKNOWN_JOB.name(), bench.deadLetters(id).getFirst().get("code").textValue());
    assertFalse(engine.begun().contains(id));
  }

  @Test
  void aJobWhoseDeadlineHasPassedExpiresWithoutAStep() throws Exception {
    // Given
    PaintingEngine engine = PaintingEngine.eager();
    bench.start("w1", engine);
    var passed = new Deadline(Optional.of(Instant.now().minusSeconds(1)), Optional.empty());
    // When
    RenderJob late = bench.submit(Bench.request(ADAPTER, 1, 2, Optional.of(passed)));
    // Then
    bench.awaitState(late.id(), JobState.EXPIRED);
    assertFalse(engine.begun().contains(late.id()));
  }

  @Test
  void aJobThatCanNotBeFinishedInTimeExpiresWithoutAStep() throws Exception {
    // Given a worker that has measured its steps
    PaintingEngine engine = PaintingEngine.slow(Duration.ofMillis(30));
    bench.start("w1", engine);
    bench.awaitState(bench.submit(ADAPTER, 1, 4).id(), JobState.DONE);
    // When
    RenderJob hopeless = bench.submit(Bench.request(ADAPTER, 2, 100, finishIn(1500)));
    // Then
    bench.awaitState(hopeless.id(), JobState.EXPIRED);
    JobStatus status = bench.store.status(hopeless.id()).orElseThrow();
    assertEquals(ErrorCode.DEADLINE_PASSED, status.error().orElseThrow().code());
    assertEquals(0, status.attempt());
    assertFalse(engine.begun().contains(hopeless.id()));
  }

  @Test
  void aJobThatIsBeingRenderedPastItsDeadlineIsStoppedAtTheNextStep() throws Exception {
    // Given a worker that does not know yet how slow it is
    PaintingEngine engine = PaintingEngine.slow(Duration.ofMillis(30));
    bench.start("w1", engine);
    // When
    RenderJob late = bench.submit(Bench.request(ADAPTER, 1, 100, finishIn(1000)));
    RenderJob next = bench.submit(ADAPTER, 2, 2);
    // Then
    bench.awaitState(late.id(), JobState.EXPIRED);
    bench.awaitState(next.id(), JobState.DONE);
    JobStatus status = bench.store.status(late.id()).orElseThrow();
    assertTrue(status.step() > 0 && status.step() < 60, () -> "step " + status.step());
    Instant deadline = status.times().deadline().flatMap(Deadline::finishBy).orElseThrow();
    Instant finished = status.times().finished().orElseThrow();
    assertTrue(finished.isBefore(deadline.plusMillis(700)), () -> deadline + " " + finished);
    assertEquals(JobState.EXPIRED, bench.results.events(late.id(), "").getLast().state());
  }

  private static Optional<Deadline> finishIn(long millis) {
    return Optional.of(
        new Deadline(Optional.empty(), Optional.of(Instant.now().plusMillis(millis))));
  }

  @Test
  void aBugOnTheRenderThreadStopsTheWorkerAndCommitsNothing() throws Exception {
    // Given
    PaintingEngine engine =
        new PaintingEngine(
            (job, step) -> {
              throw new AssertionError("a bug");
            });
    Worker worker = bench.start("w1", engine);
    // When
    RenderJob job = bench.submit(ADAPTER, 1, 2);
    // Then
    Eventually.until("stopped", () -> worker.ended().isCompletedExceptionally());
    assertEquals(0, bench.committed());
    assertFalse(bench.store.status(job.id()).orElseThrow().state().terminal());
  }

  @Test
  void aWorkerWhoseDeviceRanOutOfMemoryTellsTheJobAndLeaves() throws Exception {
    // Given
    PaintingEngine engine =
        new PaintingEngine(
            (job, step) -> {
              throw new RenderException(ErrorCode.OUT_OF_MEMORY, "it is full", null);
            });
    Worker worker = bench.start("w1", engine);
    // When
    RenderJob job = bench.submit(ADAPTER, 1, 2);
    // Then
    Eventually.until("stopped", () -> worker.ended().isCompletedExceptionally());
    assertTrue(engine.closed());
    assertEquals(1, Collections.frequency(engine.begun(), job.id()));
    assertEquals(JobState.QUEUED, bench.store.status(job.id()).orElseThrow().state());
  }
}
