package dev.polyptych.autoscale;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What is told of a run, in the order of the table. */
enum Figure {
  P50_WAIT_SECONDS("p50 wait, s", "%.0f", outcome -> outcome.waits().p50()),
  P95_WAIT_SECONDS("p95 wait, s", "%.0f", outcome -> outcome.waits().p95()),
  LONGEST_WAIT_SECONDS("longest, s", "%.0f", outcome -> outcome.waits().longest()),
  PAID_GPU_HOURS("GPU-hours paid", "%.1f", outcome -> outcome.hours().paid()),
  IDLE_GPU_HOURS("idle", "%.1f", outcome -> outcome.hours().idle()),
  CHANGES("changes", "%.0f", outcome -> outcome.scaling().changes()),
  REVERSALS("reversals", "%.0f", outcome -> outcome.scaling().reversals()),
  INTERRUPTED_JOBS("interrupted", "%.0f", outcome -> outcome.scaling().interrupted()),
  TWICE_GPU_SECONDS("drawn twice, s", "%.1f", outcome -> outcome.scaling().twiceSeconds()),
  SAVED_GPU_SECONDS("saved, s", "%.0f", outcome -> outcome.scaling().savedSeconds());

  private final String title;
  private final String format;
  private final ToDoubleFunction<Outcome> value;

  Figure(String title, String format, ToDoubleFunction<Outcome> value) {
    this.title = title;
    this.format = format;
    this.value = value;
  }

  String title() {
    return title;
  }

  double of(Outcome outcome) {
    return value.applyAsDouble(outcome);
  }

  String text(double figure) {
    return String.format(Locale.ROOT, format, figure);
  }

  /** As JSON names it. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
