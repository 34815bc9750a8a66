package dev.polyptych.worker.publish;

import dev.polyptych.store.JitteredBackoff;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a call to Redis, the object store or the broker, with growing waits, until it succeeds or
 * the worker stops. Images and the news of a failed job are too valuable to give up earlier.
 */
final class RetryUntilStopped implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RetryUntilStopped.class);
  private static final JitteredBackoff BACKOFF =
      new JitteredBackoff(
          Duration.ofMillis(50),
          Duration.ofSeconds(3),
          () -> ThreadLocalRandom.current().nextDouble());

  private final CountDownLatch stopped = new CountDownLatch(1);

  /** Empty when the worker stopped before there was an answer. */
  <T> Optional<T> call(String what, Supplier<T> call) {
    for (int tries = 1; ; tries++) {
      Duration wait = BACKOFF.after(tries);
      try {
        return Optional.of(call.get());
      } catch (StoreUnavailableException
          | ObjectsUnavailableException
          | BrokerUnavailableException away) {
        LOG.warn("{} is tried again in {} ms: {}", what, wait.toMillis(), away.getMessage());
      }
      if (stoppedWithin(wait)) {
        return Optional.empty();
      }
    }
  }

  /** As {@link #call}, for a call without an answer. False when the worker stopped before. */
  boolean run(String what, Runnable call) {
    return call(
            what,
            () -> {
              call.run();
              return true;
            })
        .isPresent();
  }

  /** From now on nothing is repeated. */
  @Override
  public void close() {
    stopped.countDown();
  }

  private boolean stoppedWithin(Duration wait) {
    try {
      return stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
