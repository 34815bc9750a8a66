package dev.polyptych.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TuningProgressTest {
  private final StringWriter shown = new StringWriter();
  private final AtomicLong nanos = new AtomicLong(17);

  @Test
  void writesALineEveryTwentiethToALog() {
    run(progress(false, 1000), 1000, Duration.ofMillis(10));

    assertEquals(20, shown.toString().lines().count(), shown.toString());
    assertTrue(
        shown.toString().startsWith("50/1000 steps  loss 0.5000  100.00 steps/s  0:00:10 left"),
        shown.toString());
    assertTrue(shown.toString().stripTrailing().endsWith("0:00:00 left"), shown.toString());
  }

  @Test
  void writesALineEvery30SecondsWhereStepsAreSlow() {
    run(progress(false, 100_000), 10, Duration.ofSeconds(10));

    assertEquals(3, shown.toString().lines().count(), shown.toString());
    assertTrue(shown.toString().startsWith("4/100000 steps"), shown.toString());
  }

  @Test
  void drawsOneLineOverAndOverOnATerminal() {
    TuningProgress progress = progress(true, 4);

    run(progress, 4, Duration.ofSeconds(1));

    String bars = shown.toString();
    assertEquals(5, bars.split("\r", -1).length, bars);
    assertTrue(bars.endsWith(System.lineSeparator()), bars);
    assertTrue(bars.contains("█".repeat(15) + "░".repeat(15) + " 2/4 steps"), bars);
  }

  @Test
  void tellsTheValidationLoss() {
    progress(false, 4).validated(2, 0.25);

    assertEquals("step 2: validation loss 0.2500", shown.toString().strip());
  }

  private TuningProgress progress(boolean terminal, int steps) {
    return new TuningProgress(new PrintWriter(shown), terminal, steps, nanos::get);
  }

  private void run(TuningProgress progress, int steps, Duration eachStep) {
    for (int step = 1; step <= steps; step++) {
      nanos.addAndGet(eachStep.toNanos());
      progress.stepped(step, 0.5);
    }
  }
}
