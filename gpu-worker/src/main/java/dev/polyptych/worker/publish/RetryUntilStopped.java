package dev.polyptych.worker.publish;

import dev.polyptych.store.StoreUnavailableException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a call to Redis or the broker, with growing waits, until it succeeds or the worker stops.
 * Images and the news of a failed job are too valuable to give up earlier.
 */
final class RetryUntilStopped implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RetryUntilStopped.class);
  private static final long FIRST_WAIT_MILLIS = 50;
  private static final long LONGEST_WAIT_MILLIS = 3000;

  private final CountDownLatch stopped = new CountDownLatch(1);

  /** Empty when the worker stopped before there was an answer. */
  <T> Optional<T> call(String what, Supplier<T> call) {
    long wait = FIRST_WAIT_MILLIS;
    while (true) {
      try {
        return Optional.of(call.get());
      } catch (StoreUnavailableException | BrokerUnavailableException away) {
        LOG.warn("{} is tried again in {} ms: {}", what, wait, away.getMessage());
      }
      if (stoppedWithin(wait)) {
        return Optional.empty();
      }
      wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS);
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

  /** Waits a random 50 to 100 % of the time, so that a fleet does not call all at once. */
  private boolean stoppedWithin(long millis) {
    try {
      long jittered = millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
      return stopped.await(jittered, TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
