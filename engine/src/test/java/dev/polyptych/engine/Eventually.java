package dev.polyptych.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what another process or thread is about to do, up to a deadline. */
public final class Eventually {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private Eventually() {}

  public static void until(String what, BooleanSupplier holds) throws InterruptedException {
    long end = System.nanoTime() + DEADLINE.toNanos();
    boolean held = holds.getAsBoolean();
    while (!held && System.nanoTime() < end) {
      held = NEVER.await(10, TimeUnit.MILLISECONDS) || holds.getAsBoolean();
    }
    assertTrue(held, () -> "still not after " + DEADLINE.toSeconds() + " s: " + what);
  }

  public static void await(CountDownLatch latch) throws InterruptedException {
    assertTrue(latch.await(DEADLINE.toSeconds(), TimeUnit.SECONDS), "the latch stayed closed");
  }
}
