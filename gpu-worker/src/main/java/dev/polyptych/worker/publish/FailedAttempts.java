package dev.polyptych.worker.publish;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.store.Checkpoint;
import dev.polyptych.store.JitteredBackoff;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.Verdict;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.intake.JobHeaders;
import dev.polyptych.worker.intake.Refused;
import dev.polyptych.worker.intake.Stray;
import dev.polyptych.worker.metrics.PublishMetrics;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * What follows an attempt without images: another try, or the end. Blocks: virtual threads only.
 *
 * <p>The methods return whether the record needs no more work, so that its offset may be committed.
 */
final class FailedAttempts {
  private static final JobError UNKNOWN_JOB =
      new JobError(ErrorCode.UNKNOWN_JOB, "the job store has no record of this job");
  private static final Failure FORGOTTEN =
      new Failure(new JobError(ErrorCode.ATTEMPTS_EXHAUSTED, "the job has failed"), 0);

  private final JobStore store;
  private final UnknownJobs unknownJobs;
  private final RecordProducer producer;
  private final JitteredBackoff backoff;
  private final DeadLetterWriter deadLetters;
  private final RetryUntilStopped retry;
  private final PublishMetrics metrics;
  private final Clock clock;

  private record Failure(JobError error, int attempts) {
    static Failure of(JobStatus status) {
      return new Failure(status.error().orElse(FORGOTTEN.error()), status.attempt());
    }
  }

  FailedAttempts(
      JobStore store,
      UnknownJobs unknownJobs,
      RecordProducer producer,
      JitteredBackoff backoff,
      DeadLetterWriter deadLetters,
      RetryUntilStopped retry,
      PublishMetrics metrics,
      Clock clock) {
    this.store = store;
    this.unknownJobs = unknownJobs;
    this.producer = producer;
    this.backoff = backoff;
    this.deadLetters = deadLetters;
    this.retry = retry;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * @param lasting whether another attempt would fail in the same way
   */
  boolean broken(Delivery delivery, int attempt, JobError error, boolean lasting) {
    boolean again = !lasting && delivery.headers().attempt() < JobStore.MAX_ATTEMPTS;
    return again ? tryAgain(delivery, attempt, error) : end(delivery, attempt, error);
  }

  /** Hands the job back: the claim does not count. False without an answer. */
  boolean released(Delivery delivery, int attempt) {
    return retry
        .call("the release of " + delivery.id(), () -> store.release(delivery.id(), attempt, false))
        .isPresent();
  }

  /** Settles the record's job, if it names one that is open. Then the record gets its letter. */
  boolean refused(Refused record) {
    DeadLetter letter = record.letter();
    if (letter.job().isPresent() && record.tenant().isPresent()) {
      JobError error = new JobError(letter.code(), letter.detail());
      if (rejected(letter.job().get(), record.tenant().get(), record.version(), error).isEmpty()) {
        return false;
      }
    }
    return deadLetters.write(letter);
  }

  /** Fails a job that no live worker can draw, unless it has ended or a later record counts. */
  boolean undrawable(Stray stray, JobError reason) {
    String tenant = stray.record().tenant();
    RecordVersion version = stray.headers().version();
    return rejected(stray.id(), tenant, version, reason)
        .map(
            verdict ->
                switch (verdict) {
                  case DONE, UNKNOWN -> letter(stray, reason);
                  case STALE -> !failed(stray) || letter(stray, reason);
                  case CANCELLED -> true;
                })
        .orElse(false);
  }

  private boolean letter(Stray stray, JobError reason) {
    return deadLetters.write(stray.record(), stray.position(), reason, stray.headers().attempt());
  }

  /** Its worker may have died between the failure and the letter. */
  private boolean failed(Stray stray) {
    return retry
        .call(
            "the status of " + stray.id(),
            () ->
                store
                    .status(stray.id())
                    .filter(status -> status.state() == JobState.FAILED)
                    .isPresent())
        .orElse(true);
  }

  private Optional<Verdict> rejected(
      String job, String tenant, RecordVersion version, JobError error) {
    return retry.call("the failure of " + job, () -> store.reject(job, tenant, version, error));
  }

  /** The store does not know the job, so its images could never be fetched. */
  boolean unknown(Delivery delivery) {
    return deadLetters.write(delivery, UNKNOWN_JOB, delivery.headers().attempt());
  }

  /**
   * A failed job gets its letter here, too: this claim may have ended it, or its worker died before
   * it wrote the letter.
   */
  boolean settledBefore(Delivery delivery, JobState state) {
    metrics.settledBefore(state);
    if (state != JobState.FAILED) {
      return true;
    }
    Optional<Failure> failure =
        retry.call(
            "the status of " + delivery.id(),
            () -> store.status(delivery.id()).map(Failure::of).orElse(FORGOTTEN));
    return failure.isPresent()
        && deadLetters.write(delivery, failure.get().error(), failure.get().attempts());
  }

  /** Without an answer the next claim counts one attempt more and starts again. */
  void recalled(Delivery delivery, int attempt, Optional<Checkpoint> checkpoint) {
    checkpoint.ifPresent(
        reached ->
            retry.call(
                "the checkpoint of " + delivery.id(),
                () -> store.checkpoint(delivery.id(), attempt, reached)));
    retry.call(
        "the release of " + delivery.id(), () -> store.release(delivery.id(), attempt, false));
  }

  /** First the store, then the record: after a crash between them the old record comes again. */
  private boolean tryAgain(Delivery delivery, int attempt, JobError error) {
    Duration wait = backoff.after(delivery.headers().attempt());
    Optional<Verdict> released =
        retry.call(
            "the retry of " + delivery.id(),
            () -> store.retry(delivery.id(), attempt, wait, error));
    if (released.isEmpty()) {
      return false;
    }
    return switch (released.get()) {
      case DONE -> produceAgain(delivery, wait);
      case UNKNOWN ->
          adopted(delivery).map(known -> !known || produceAgain(delivery, wait)).orElse(false);
      case CANCELLED, STALE -> true;
    };
  }

  /** Whether a job that Redis has lost is known again; empty when the worker stops first. */
  private Optional<Boolean> adopted(Delivery delivery) {
    return retry.call("taking up " + delivery.id(), () -> unknownJobs.adopt(delivery));
  }

  /** The store is told the place of the record, so that the job is found if the record is lost. */
  private boolean produceAgain(Delivery delivery, Duration wait) {
    JobHeaders next = delivery.headers().next(clock.instant().plus(wait));
    Optional<QueuePlace> place =
        retry.call("the next record of " + delivery.id(), () -> producer.again(delivery, next));
    if (place.isEmpty()) {
      return false;
    }
    metrics.retried();
    return retry
        .call(
            "the place of " + delivery.id(),
            () -> store.moved(delivery.id(), next.version(), place.get()))
        .isPresent();
  }

  private boolean ended(Delivery delivery, JobError error) {
    return rejected(delivery.id(), delivery.tenant(), delivery.headers().version(), error)
        .isPresent();
  }

  private boolean end(Delivery delivery, int attempt, JobError error) {
    Optional<Verdict> failed =
        retry.call(
            "the failure of " + delivery.id(), () -> store.fail(delivery.id(), attempt, error));
    if (failed.isEmpty()) {
      return false;
    }
    return switch (failed.get()) {
      case DONE -> deadLetters.write(delivery, error, attempt);
      case UNKNOWN ->
          adopted(delivery).filter(known -> !known || ended(delivery, error)).isPresent()
              && deadLetters.write(delivery, error, attempt);
      case CANCELLED, STALE -> true;
    };
  }
}
