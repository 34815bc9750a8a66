package dev.polyptych.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeriodicTaskTest {
  private static final int SECONDS = 20;

  private final CountDownLatch ended = new CountDownLatch(1);

  @Test
  void goesRoundUntilItIsClosedAndEndsOnce() throws Exception {
    LinkedBlockingQueue<Integer> rounds = new LinkedBlockingQueue<>();
    PeriodicTask tested = new PeriodicTask("test", Duration.ZERO, new Counting(rounds));
    tested.start();

    assertEquals(1, rounds.poll(SECONDS, TimeUnit.SECONDS));
    assertEquals(2, rounds.poll(SECONDS, TimeUnit.SECONDS));
    assertFalse(tested.closing());
    tested.close();

    assertTrue(tested.closing());
    assertEquals(0, ended.getCount(), "closing waits for the end");
  }

  @Test
  void waitsAsLongAsTheRoundSays() throws Exception {
    List<Integer> rounds = new CopyOnWriteArrayList<>();
    CountDownLatch first = new CountDownLatch(1);
    PeriodicTask tested =
        new PeriodicTask(
            "test",
            Duration.ZERO,
            () -> {
              rounds.add(1);
              first.countDown();
              return Duration.ofHours(1);
            });
    tested.start();
    assertTrue(first.await(SECONDS, TimeUnit.SECONDS));

    tested.close();

    assertEquals(1, rounds.size());
  }

  @Test
  void interruptsARoundThatDoesNotEnd() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    PeriodicTask tested = new PeriodicTask("test", Duration.ZERO, new Hanging(inside));
    tested.start();
    assertTrue(inside.await(SECONDS, TimeUnit.SECONDS));

    tested.close();

    assertTrue(ended.await(SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void mayBeClosedWithoutHavingBeenStarted() {
    PeriodicTask tested = new PeriodicTask("test", Duration.ZERO, () -> Duration.ZERO);

    tested.close();

    assertTrue(tested.closing());
  }

  private final class Counting implements PeriodicTask.Round {
    private final LinkedBlockingQueue<Integer> rounds;
    private int round;

    Counting(LinkedBlockingQueue<Integer> rounds) {
      this.rounds = rounds;
    }

    @Override
    public Duration run() {
      round++;
      rounds.add(round);
      return Duration.ofMillis(1);
    }

    @Override
    public void ended() {
      ended.countDown();
    }
  }

  private final class Hanging implements PeriodicTask.Round {
    private final CountDownLatch inside;

    Hanging(CountDownLatch inside) {
      this.inside = inside;
    }

    @Override
    public Duration run() throws InterruptedException {
      inside.countDown();
      new CountDownLatch(1).await();
      return Duration.ZERO;
    }

    @Override
    public void ended() {
      ended.countDown();
    }
  }
}
