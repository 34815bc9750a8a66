package dev.polyptych.cli.command;

import dev.polyptych.training.tune.Tuning;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows the progress of tuning: on a terminal one line that is redrawn, elsewhere (logs) a line per
 * twentieth of the steps, or every 30 seconds if steps are slow.
 */
final class TuningProgress implements Tuning.Listener {
  private static final int WIDTH = 30;
  private static final int PARTS = 20;
  private static final double SMOOTHING = 0.95;
  private static final Duration LINE_EVERY = Duration.ofSeconds(30);
  private static final Duration REDRAW_EVERY = Duration.ofMillis(100);

  private final PrintWriter out;
  private final boolean terminal;
  private final int steps;
  private final LongSupplier nanos;
  private int firstStep;
  private long firstTime;
  private long shownTime;
  private int shownPart;
  private double loss;

  /**
   * @param steps of the whole run
   * @param nanos as {@link System#nanoTime}
   */
  TuningProgress(PrintWriter out, boolean terminal, int steps, LongSupplier nanos) {
    this.out = out;
    this.terminal = terminal;
    this.steps = steps;
    this.nanos = nanos;
  }

  @Override
  public void stepped(int step, double measured) {
    long now = nanos.getAsLong();
    if (firstStep == 0) {
      // The first step is slower than the others, so the rate starts at its end.
      firstStep = step;
      firstTime = now;
      shownTime = now;
      loss = measured;
    }
    loss = SMOOTHING * loss + (1 - SMOOTHING) * measured;
    if (due(step, now)) {
      show(step, now);
    }
  }

  @Override
  public void validated(int step, double validation) {
    out.printf(
        Locale.ROOT,
        "%sstep %d: validation loss %.4f%n",
        terminal ? "\r\033[K" : "",
        step,
        validation);
    out.flush();
  }

  @Override
  public void saved(int step) {
    if (!terminal) {
      out.println("step " + step + ": checkpoint");
      out.flush();
    }
  }

  private boolean due(int step, long now) {
    boolean last = step == steps;
    boolean nextPart = (long) step * PARTS / steps > shownPart;
    Duration waited = Duration.ofNanos(now - shownTime);
    return terminal
        ? last || step == firstStep || waited.compareTo(REDRAW_EVERY) >= 0
        : last || nextPart || waited.compareTo(LINE_EVERY) >= 0;
  }

  private void show(int step, long now) {
    shownTime = now;
    shownPart = (int) ((long) step * PARTS / steps);
    String text = text(step, now);
    if (terminal) {
      int filled = (int) ((long) WIDTH * step / steps);
      out.printf("\r%s %s\033[K", "█".repeat(filled) + "░".repeat(WIDTH - filled), text);
    } else {
      out.println(text);
    }
    if (terminal && step == steps) {
      out.println();
    }
    out.flush();
  }

  private String text(int step, long now) {
    String done = String.format(Locale.ROOT, "%d/%d steps  loss %.4f", step, steps, loss);
    if (step == firstStep || now <= firstTime) {
      return done;
    }
    double rate = (step - firstStep) / ((now - firstTime) / 1e9);
    Duration left = Duration.ofSeconds(Math.round((steps - step) / rate));
    return done + String.format(Locale.ROOT, "  %.2f steps/s  %s left", rate, clock(left));
  }

  /** Hours, minutes and seconds. */
  static String clock(Duration duration) {
    return "%d:%02d:%02d"
        .formatted(duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
  }
}
