package dev.polyptych.worker.publish;

import dev.polyptych.store.JobStore;
import dev.polyptych.worker.intake.DeadLetters;
import dev.polyptych.worker.metrics.PublishMetrics;
import dev.polyptych.worker.receipt.Receipts;
import dev.polyptych.worker.trace.JobSpans;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** This package put together: what the render thread and the intake hand over to, and its end. */
public final class Publishing {
  /**
   * Sets that may be encoded or wait for Redis at once. One would do to draw on while one is being
   * stored; four ride out a pause of Redis without holding more than some 100 MB.
   */
  private static final int PLACES = 4;

  private static final Duration GIVE_UP_WAIT = Duration.ofMillis(500);

  private final RetryUntilStopped perseverance = new RetryUntilStopped();
  private final PublishExecutor handOff;
  private final DeadLetterWriter burials;
  private final AttemptOutcomes aftermath;

  /**
   * Where results and failures go.
   *
   * @param retryBackoff the wait after a first failed attempt
   */
  public record Backends(
      JobStore store,
      RecordProducer producer,
      Duration retryBackoff,
      Receipts receipts,
      JobSpans spans) {}

  /**
   * @param onBug told of an exception that nobody expected, on any thread
   */
  public Publishing(
      Backends backends,
      RecordAcknowledger settlements,
      PublishMetrics metrics,
      Clock clock,
      Consumer<Throwable> onBug) {
    JobStore store = backends.store();
    RecordProducer producer = backends.producer();
    handOff = new PublishExecutor(PLACES, metrics, onBug);
    burials = new DeadLetterWriter(producer, perseverance, settlements, metrics, clock);
    aftermath =
        new AttemptOutcomes(
            handOff,
            new FinishedSets(backends, perseverance, settlements, metrics, clock),
            new FailedAttempts(
                store,
                new FailedAttempts.Retries(producer, backoff(backends), clock),
                burials,
                perseverance,
                metrics),
            settlements);
  }

  private static RetryBackoff backoff(Backends backends) {
    return new RetryBackoff(
        backends.retryBackoff(), () -> ThreadLocalRandom.current().nextDouble());
  }

  public AttemptOutcomes aftermath() {
    return aftermath;
  }

  /** Bounded by the intake's room: a record that is being buried is in flight. */
  public DeadLetters deadLetters() {
    return (place, letter) -> handOff.start(() -> burials.bury(place, letter));
  }

  /** The render thread must not be kept from its end by a full hand-off. */
  public void stopWaiting() {
    handOff.stopWaiting();
  }

  /** Lets running tasks end, then makes those that wait for Redis or the broker give up. */
  public void drain(Duration atMost) throws InterruptedException {
    handOff.awaitIdle(atMost);
    perseverance.close();
    handOff.awaitIdle(GIVE_UP_WAIT);
  }
}
