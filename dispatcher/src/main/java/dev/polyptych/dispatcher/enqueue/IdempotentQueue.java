package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.dispatcher.admission.AdmittedJob;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.topic.TraceParent;
import dev.polyptych.store.IdempotencyKey;
import dev.polyptych.store.IdempotencyKeys;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.Verdict;
import java.time.Duration;
import java.util.Optional;

/**
 * Takes a job in once for its idempotency key, however often and from wherever it is submitted.
 * Blocks; safe for any number of threads.
 *
 * <p>The key comes first and names the job's id; the record, which only one can write, decides who
 * enqueues. So a key without a record means that nobody got further, and anybody may go on under
 * that id. A record that is seen to stay {@code accepted} for longer than a broker may take is
 * abandoned, atomically, and its key forgotten; whoever wrote it is dead, or hears of it.
 */
public final class IdempotentQueue {
  /** Longer than the producer may take for one record, see {@link KafkaClients}. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration POLL = Duration.ofMillis(20);

  private final JobSubmission queue;
  private final JobStore store;
  private final IdempotencyKeys keys;

  public IdempotentQueue(JobSubmission queue, JobStore store, IdempotencyKeys keys) {
    this.queue = queue;
    this.store = store;
    this.keys = keys;
  }

  /**
   * Takes a little longer than {@link JobSubmission#submit} where another is busy with the same
   * key.
   *
   * @throws dev.polyptych.store.StoreUnavailableException when sending it again is the way
   */
  public Submission submit(
      AdmittedJob admitted, IdempotencyKey key, Tenant tenant, TraceParent trace)
      throws InterruptedException {
    StallTimer watch = new StallTimer(PATIENCE);
    while (true) {
      Optional<String> job = keys.reserve(key, admitted.job().id());
      if (job.isEmpty()) {
        return otherBody();
      }
      Optional<JobStatus> status = store.status(job.get());
      if (status.isEmpty()) {
        Submission submission = queue.submit(admitted.withId(job.get()), tenant, trace);
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

  /** Frees the key of a job that is not rendered for certain; else asking again finds out. */
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

  /** Whether the job's caller was told, or is told by this, that it will not be rendered. */
  private boolean neverTaken(JobStatus status, boolean late) {
    return switch (status.state()) {
      case ACCEPTED ->
          late
              && store.abandon(
                      status.id(),
                      new JobError(
                          ErrorCode.BROKER_UNAVAILABLE,
                          "nobody confirmed that the broker has it; it was submitted anew"))
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
