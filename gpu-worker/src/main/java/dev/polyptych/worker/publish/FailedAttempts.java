package dev.polyptych.worker.publish;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.store.Checkpoint;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.Verdict;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.metrics.PublishMetrics;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * What follows when there are no images: another try, or the end. Blocks: virtual threads only.
 *
 * <p>Each method returns whether the record is dealt with, so its offset may be committed.
 */
final class FailedAttempts {
  private final JobStore store;
  private final Retries retries;
  private final DeadLetterWriter burials;
  private final RetryUntilStopped perseverance;
  private final PublishMetrics metrics;

  /** How a job goes back to its lane. */
  record Retries(RecordProducer producer, RetryBackoff backoff, Clock clock) {
    void send(Delivery delivery, Duration after) {
      producer.again(delivery, clock.instant().plus(after));
    }
  }

  FailedAttempts(
      JobStore store,
      Retries retries,
      DeadLetterWriter burials,
      RetryUntilStopped perseverance,
      PublishMetrics metrics) {
    this.store = store;
    this.retries = retries;
    this.burials = burials;
    this.perseverance = perseverance;
    this.metrics = metrics;
  }

  boolean broken(Delivery delivery, int attempt, JobError error) {
    boolean again =
        error.code().kind().retryable() && delivery.headers().attempt() < JobStore.MAX_ATTEMPTS;
    return again ? tryAgain(delivery, attempt, error) : end(delivery, attempt, error);
  }

  /** The store has never heard of it, so nobody could ever see its images. */
  boolean unknown(Delivery delivery) {
    JobError error = new JobError(ErrorCode.UNKNOWN_JOB, "the job store has no record of this job");
    return burials.write(delivery, error, delivery.headers().attempt());
  }

  /**
   * A failed job gets its letter here too: it may have failed by this very claim, or its worker may
   * have died before it wrote one.
   */
  boolean settledBefore(Delivery delivery, JobState state) {
    metrics.settledBefore(state);
    if (state != JobState.FAILED) {
      return true;
    }
    Optional<Optional<JobStatus>> status =
        perseverance.call("asking for " + delivery.id(), () -> store.status(delivery.id()));
    if (status.isEmpty()) {
      return false;
    }
    JobError error =
        status
            .get()
            .flatMap(JobStatus::error)
            .orElse(new JobError(ErrorCode.ATTEMPTS_EXHAUSTED, "the job has failed"));
    return burials.write(delivery, error, status.get().map(JobStatus::attempt).orElse(0));
  }

  /** Only noted: without an answer the next claim counts one attempt more, and begins anew. */
  void recalled(Delivery delivery, int attempt, Optional<Checkpoint> checkpoint) {
    checkpoint.ifPresent(
        reached ->
            perseverance.call(
                "keeping how far " + delivery.id() + " is",
                () -> store.checkpoint(delivery.id(), attempt, reached)));
    perseverance.call(
        "handing back " + delivery.id(), () -> store.release(delivery.id(), attempt, false));
  }

  /** First the store, then the record: between them a crash brings the old record again. */
  private boolean tryAgain(Delivery delivery, int attempt, JobError error) {
    Duration wait = retries.backoff().after(delivery.headers().attempt());
    Optional<Verdict> released =
        perseverance.call(
            "releasing " + delivery.id(), () -> store.retry(delivery.id(), attempt, wait, error));
    if (released.isEmpty()) {
      return false;
    }
    if (released.get() != Verdict.DONE) {
      // Cancelled, or another worker's: there is nothing to try again here.
      return true;
    }
    boolean sent =
        perseverance.run("another try of " + delivery.id(), () -> retries.send(delivery, wait));
    if (sent) {
      metrics.retried();
    }
    return sent;
  }

  private boolean end(Delivery delivery, int attempt, JobError error) {
    Optional<Verdict> failed =
        perseverance.call(
            "failing " + delivery.id(), () -> store.fail(delivery.id(), attempt, error));
    if (failed.isEmpty()) {
      return false;
    }
    return failed.get() == Verdict.STALE || burials.write(delivery, error, attempt);
  }
}
