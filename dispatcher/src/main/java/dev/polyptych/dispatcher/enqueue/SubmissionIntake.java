package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.dispatcher.admission.TextCheck;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.IdempotencyKey;
import dev.polyptych.store.IdempotencyKeys;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The only entry point for submissions. It enqueues a job once per idempotency key, even if callers
 * submit it many times or to several dispatchers. Blocks; safe for any number of threads.
 *
 * <p>The key is stored first and names the job's id. Only one process can write the record of that
 * id, so the record decides who enqueues. A key without a record means that no process got further.
 * Any process may continue under that id. If a record stays {@code accepted} for longer than the
 * broker may take, the intake abandons it atomically and deletes its key. Its writer is dead, or
 * will read that the job was abandoned.
 */
public final class SubmissionIntake {
  /** Longer than the producer may take for one record, see {@link KafkaClients}. */
  private static final Duration LONGEST_ACCEPTED = Duration.ofSeconds(10);

  private static final Duration POLL = Duration.ofMillis(20);

  private final TextCheck texts;
  private final JobSubmission submissions;
  private final JobStore store;
  private final IdempotencyKeys keys;
  private final BooleanSupplier storeUp;

  /**
   * @param storeUp while false, submissions are refused at once
   */
  public SubmissionIntake(
      TextCheck texts,
      JobSubmission submissions,
      JobStore store,
      IdempotencyKeys keys,
      BooleanSupplier storeUp) {
    this.texts = texts;
    this.submissions = submissions;
    this.store = store;
    this.keys = keys;
    this.storeUp = storeUp;
  }

  /**
   * Returns at once while broker or store are known to be unusable, else within a few seconds. It
   * takes a little longer while another process is busy with the same key.
   *
   * @throws dev.polyptych.store.StoreUnavailableException when the caller should send it again
   */
  public Submission take(RenderJob job, SubmissionOrigin origin, Optional<IdempotencyKey> key)
      throws InterruptedException {
    if (!storeUp.getAsBoolean()) {
      return new Submission.Refused(
          ErrorCode.STORE_UNAVAILABLE, "the job was not enqueued; send it again");
    }
    return switch (texts.check(job)) {
      case Validated.Invalid<RenderJob>(var problems) -> new Submission.Unfit(problems);
      case Validated.Valid<RenderJob>(var counted) ->
          key.isPresent()
              ? takeOnce(counted, origin, key.get())
              : submissions.submit(counted, origin, Optional.empty());
    };
  }

  /** The job that was taken under this key before; empty if there is none, or none yet. */
  public Optional<Submission> known(IdempotencyKey key) {
    return keys.find(key)
        .flatMap(store::status)
        .filter(status -> status.state() != JobState.ACCEPTED && !neverTaken(status, false))
        .map(status -> replayed(key, status));
  }

  private Submission takeOnce(RenderJob admitted, SubmissionOrigin origin, IdempotencyKey key)
      throws InterruptedException {
    StallTimer watch = new StallTimer(LONGEST_ACCEPTED);
    while (true) {
      Optional<String> job = keys.reserve(key, admitted.id());
      if (job.isEmpty()) {
        return otherBody();
      }
      Optional<JobStatus> status = store.status(job.get());
      if (status.isEmpty()) {
        Submission submission =
            submissions.submit(admitted.withId(job.get()), origin, Optional.of(key));
        if (!(submission instanceof Submission.IdTaken)) {
          return submitted(key, job.get(), submission);
        }
      } else if (neverTaken(status.get(), watch.tooLong(job.get(), System.nanoTime()))) {
        keys.forget(key, job.get());
      } else if (status.get().state() != JobState.ACCEPTED) {
        return replayed(key, status.get());
      } else {
        Thread.sleep(POLL);
      }
    }
  }

  /**
   * Frees the key if the job will certainly not be rendered. Otherwise a repeated call finds out.
   */
  private Submission submitted(IdempotencyKey key, String job, Submission submission) {
    if (submission instanceof Submission.Refused(var code, var _)
        && code == ErrorCode.BROKER_UNAVAILABLE) {
      keys.forget(key, job);
    }
    return submission;
  }

  private Submission replayed(IdempotencyKey key, JobStatus status) {
    if (!status.state().terminal()) {
      keys.keep(key);
    }
    return new Submission.Replayed(status);
  }

  /** Whether the job will not be rendered. Abandons an overdue job. */
  private boolean neverTaken(JobStatus status, boolean late) {
    return switch (status.state()) {
      case ACCEPTED ->
          late
              && store.abandon(
                      status.id(),
                      new JobError(
                          ErrorCode.BROKER_UNAVAILABLE,
                          "the broker did not confirm it in time; it was submitted again"))
                  == Verdict.DONE;
      case FAILED -> JobSubmission.abandoned(status);
      case QUEUED, RENDERING, DONE, CANCELLED, EXPIRED -> false;
    };
  }

  private static Submission otherBody() {
    return new Submission.Refused(
        ErrorCode.IDEMPOTENCY_KEY_REUSED,
        "was used with another body; use a new key for a new job, or send the first body"
            + " unchanged");
  }
}
