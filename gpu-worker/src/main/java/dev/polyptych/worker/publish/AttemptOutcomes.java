package dev.polyptych.worker.publish;

import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.store.Checkpoint;
import dev.polyptych.store.JitteredBackoff;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.ResultObjects;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.intake.JobHeaders;
import dev.polyptych.worker.intake.LocalQueue;
import dev.polyptych.worker.intake.RecordPosition;
import dev.polyptych.worker.intake.Refused;
import dev.polyptych.worker.intake.Stray;
import dev.polyptych.worker.metrics.PublishMetrics;
import dev.polyptych.worker.trace.JobSpans;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Takes the outcomes of attempts from the render thread, and refused records from the intake, and
 * works on them on virtual threads. Returns at once, unless all places are taken.
 */
public final class AttemptOutcomes {
  /**
   * Sets that may be encoded or wait for a store at the same time. One would be enough to draw
   * while another is stored. Four cover a pause of Redis and hold about 100 MB.
   */
  private static final int PLACES = 4;

  private static final Duration GIVE_UP_WAIT = Duration.ofMillis(500);

  private final RetryUntilStopped retry = new RetryUntilStopped();
  private final LocalQueue queue;
  private final PublishExecutor executor;
  private final FinishedSets sets;
  private final FailedAttempts failures;

  /**
   * @param objects where images go; empty for Redis
   * @param retryBackoff the wait after a first failed attempt
   * @param onBug gets unexpected exceptions, on any thread
   */
  public AttemptOutcomes(
      JobStore store,
      UnknownJobs unknownJobs,
      Optional<ResultObjects> objects,
      RecordProducer producer,
      LocalQueue queue,
      Receipts receipts,
      Duration retryBackoff,
      PublishMetrics metrics,
      JobSpans spans,
      Clock clock,
      Consumer<Throwable> onBug) {
    this.queue = queue;
    this.executor = new PublishExecutor(PLACES, metrics, onBug);
    this.sets =
        new FinishedSets(store, unknownJobs, objects, receipts, retry, metrics, spans, clock);
    this.failures =
        new FailedAttempts(
            store,
            unknownJobs,
            producer,
            new JitteredBackoff(
                retryBackoff,
                JobHeaders.LONGEST_DELAY,
                () -> ThreadLocalRandom.current().nextDouble()),
            new DeadLetterWriter(producer, retry, metrics, clock),
            retry,
            metrics,
            clock);
  }

  /** The sheet is to be published. */
  public void drawn(Delivery delivery, int attempt, DrawnSheet sheet) {
    settle(delivery, () -> sets.publish(delivery, attempt, sheet));
  }

  /**
   * The attempt failed: the job is tried again, or ends.
   *
   * @param lasting whether another attempt would fail in the same way
   */
  public void broken(Delivery delivery, int attempt, JobError error, boolean lasting) {
    settle(delivery, () -> failures.broken(delivery, attempt, error, lasting));
  }

  /** The record needs no more work: the job was cancelled, or another record or attempt counts. */
  public void done(Delivery delivery) {
    queue.finished(delivery.position());
  }

  /** Given up for another worker. The record stays uncommitted and is delivered again. */
  public void recalled(Delivery delivery, int attempt, Optional<Checkpoint> checkpoint) {
    settle(
        delivery,
        () -> {
          failures.recalled(delivery, attempt, checkpoint);
          return false;
        });
  }

  /** The job had ended before it was claimed. */
  public void settledBefore(Delivery delivery, JobState state) {
    settle(delivery, () -> failures.settledBefore(delivery, state));
  }

  /** The store has no record of the job. */
  public void unknown(Delivery delivery) {
    settle(delivery, () -> failures.unknown(delivery));
  }

  /**
   * The adapter can't be read here. The claim does not count as an attempt, and another worker gets
   * the job.
   */
  public void unable(Delivery delivery, int attempt, JobError reason) {
    release(delivery, attempt, () -> queue.strand(delivery, reason));
  }

  /** The job can't be drawn now. The claim does not count as an attempt, and the job waits here. */
  public void postponed(Delivery delivery, int attempt) {
    release(delivery, attempt, () -> queue.putBack(delivery));
  }

  private void release(Delivery delivery, int attempt, Runnable released) {
    boolean taken =
        executor.submit(
            () -> {
              if (failures.released(delivery, attempt)) {
                released.run();
              } else {
                queue.dropped(delivery.position());
              }
            });
    if (!taken) {
      queue.dropped(delivery.position());
    }
  }

  /**
   * A record that can't be rendered. Takes no place: its number is bounded by the intake, because
   * the record is in flight until its letter is written.
   */
  public void refused(Refused record) {
    executor.start(() -> acknowledge(record.position(), failures.refused(record)));
  }

  /** No live worker can draw the job, which is in hand. Takes no place, as {@link #refused}. */
  public void undrawable(Stray stray, JobError reason) {
    executor.start(() -> acknowledge(stray.position(), failures.undrawable(stray, reason)));
  }

  /** From now on the render thread does not wait for a place. */
  public void stopWaiting() {
    executor.stopWaiting();
  }

  /** Lets running tasks end. Then tasks that wait for Redis or the broker give up. */
  public void drain(Duration atMost) throws InterruptedException {
    executor.awaitIdle(atMost);
    retry.close();
    executor.awaitIdle(GIVE_UP_WAIT);
  }

  /**
   * @param work returns whether the record needs no more work
   */
  private void settle(Delivery delivery, BooleanSupplier work) {
    boolean taken = executor.submit(() -> acknowledge(delivery.position(), work.getAsBoolean()));
    if (!taken) {
      queue.dropped(delivery.position());
    }
  }

  private void acknowledge(RecordPosition position, boolean done) {
    if (done) {
      queue.finished(position);
    } else {
      queue.dropped(position);
    }
  }
}
