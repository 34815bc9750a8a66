package dev.polyptych.cli.monitoring;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what other processes are about to do, up to a deadline. */
final class Await {
  static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private Await() {}

  static void until(String what, BooleanSupplier holds) throws InterruptedException {
    long end = System.nanoTime() + DEADLINE.toNanos();
    boolean held = holds.getAsBoolean();
    while (!held && System.nanoTime() < end) {
      held = NEVER.await(100, TimeUnit.MILLISECONDS) || holds.getAsBoolean();
    }
    if (!held) {
      throw new AssertionError("still not after " + DEADLINE.toSeconds() + " s: " + what);
    }
  }
}
