package dev.polyptych.lab.process;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Waiting for what is seen only by looking. */
public final class Await {
  private static final long EVERY_MILLIS = 20;

  private Await() {}

  /** One look; empty when it is not so yet. */
  public interface Look<T> {
    Optional<T> look() throws InterruptedException;
  }

  /**
   * Looks until something is seen.
   *
   * @param what is waited for, as the end of "waited in vain for"
   * @throws WaitedInVainException when it is not seen in time
   */
  public static <T> T until(String what, Duration atMost, Look<T> eye) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      Optional<T> seen = eye.look();
      if (seen.isPresent()) {
        return seen.get();
      }
      if (System.nanoTime() > deadline) {
        throw new WaitedInVainException(
            "waited %d s in vain for %s".formatted(atMost.toSeconds(), what));
      }
      TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
    }
  }

  /** As a look: present when it is so. */
  public static Optional<Boolean> when(boolean so) {
    return so ? Optional.of(true) : Optional.empty();
  }
}
