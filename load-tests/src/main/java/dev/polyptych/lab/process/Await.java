package dev.polyptych.lab.process;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Waits for a condition by polling. */
public final class Await {
  private static final long EVERY_MILLIS = 20;

  private Await() {}

  /** One poll; empty if the condition does not hold yet. */
  public interface Look<T> {
    Optional<T> look() throws InterruptedException;
  }

  /**
   * Polls until the condition holds.
   *
   * @param what description for the error: "waited N s for WHAT"
   * @throws AwaitTimeoutException if the condition does not hold in time
   */
  public static <T> T until(String what, Duration atMost, Look<T> eye) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      Optional<T> seen = eye.look();
      if (seen.isPresent()) {
        return seen.get();
      }
      if (System.nanoTime() > deadline) {
        throw new AwaitTimeoutException("waited %d s for %s".formatted(atMost.toSeconds(), what));
      }
      TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
    }
  }

  /** A condition as the result of a poll. */
  public static Optional<Boolean> when(boolean so) {
    return so ? Optional.of(true) : Optional.empty();
  }

  /** The condition did not hold in time. */
  public static final class AwaitTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AwaitTimeoutException(String message) {
      super(message);
    }
  }
}
