package dev.polyptych.lab.autoscale;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What is told of a run.
 *
 * @param key as JSON names it
 * @param title as the table does
 */
record Figure(String key, String title, String format, ToDoubleFunction<Outcome> value) {
  static final Figure P50 =
      new Figure("p50_wait_seconds", "p50 wait, s", "%.0f", outcome -> outcome.waits().p50());

  static final Figure P95 =
      new Figure("p95_wait_seconds", "p95 wait, s", "%.0f", outcome -> outcome.waits().p95());

  static final Figure LONGEST =
      new Figure("longest_wait_seconds", "longest, s", "%.0f", one -> one.waits().longest());

  static final Figure PAID =
      new Figure("paid_gpu_hours", "GPU-hours paid", "%.1f", one -> one.hours().paid());

  static final Figure IDLE =
      new Figure("idle_gpu_hours", "idle", "%.1f", outcome -> outcome.hours().idle());

  static final Figure CHANGES =
      new Figure("changes", "changes", "%.0f", outcome -> outcome.scaling().changes());

  static final Figure REVERSALS =
      new Figure("reversals", "reversals", "%.0f", outcome -> outcome.scaling().reversals());

  static final Figure INTERRUPTED =
      new Figure("interrupted_jobs", "interrupted", "%.0f", one -> one.scaling().interrupted());

  static final Figure TWICE =
      new Figure(
          "twice_gpu_seconds", "drawn twice, s", "%.1f", one -> one.scaling().twiceSeconds());

  static final Figure SAVED =
      new Figure("saved_gpu_seconds", "saved, s", "%.0f", one -> one.scaling().savedSeconds());

  /** In the order of the table. */
  static final List<Figure> ALL =
      List.of(P50, P95, LONGEST, PAID, IDLE, CHANGES, REVERSALS, INTERRUPTED, TWICE, SAVED);

  double of(Outcome outcome) {
    return value.applyAsDouble(outcome);
  }

  String text(double figure) {
    return String.format(Locale.ROOT, format, figure);
  }
}
