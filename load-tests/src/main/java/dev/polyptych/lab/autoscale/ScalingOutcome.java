package dev.polyptych.lab.autoscale;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The result of a run, without its warm-up.
 *
 * @param jobs number of jobs that arrived
 * @param samples over time
 */
record ScalingOutcome(
    Waits waits, Hours hours, Scaling scaling, int jobs, List<ScalingSample> samples) {
  /**
   * Seconds from submission to the first step.
   *
   * @param first wait of the first job after the night
   */
  record Waits(double p50, double p95, double longest, double first) {}

  /**
   * GPU-hours.
   *
   * @param paid from the request of a node to its removal
   * @param idle the part of them in which nothing was drawn
   */
  record Hours(double paid, double idle) {}

  /**
   * The effects of scaling.
   *
   * @param changes of the number of replicas
   * @param reversals changes of direction within 15 minutes
   * @param interrupted jobs that were stopped and continued on another worker
   * @param twiceSeconds GPU-seconds that were spent twice on them
   * @param savedSeconds GPU-seconds that would have been spent twice without checkpoints
   */
  record Scaling(
      int changes, int reversals, int interrupted, double twiceSeconds, double savedSeconds) {}

  ScalingOutcome {
    samples = List.copyOf(samples);
  }

  /**
   * A moment of a run.
   *
   * @param outstanding GPU-seconds of jobs that are not settled
   */
  record ScalingSample(double seconds, int replicas, int ready, double outstanding) {}

  /** The figures of a run that are reported, in the order of the table. */
  enum Figure {
    P50_WAIT_SECONDS("p50 wait, s", "%.0f", one -> one.waits().p50()),
    P95_WAIT_SECONDS("p95 wait, s", "%.0f", one -> one.waits().p95()),
    LONGEST_WAIT_SECONDS("longest, s", "%.0f", one -> one.waits().longest()),
    PAID_GPU_HOURS("GPU-hours paid", "%.1f", one -> one.hours().paid()),
    IDLE_GPU_HOURS("idle", "%.1f", one -> one.hours().idle()),
    CHANGES("changes", "%.0f", one -> one.scaling().changes()),
    REVERSALS("reversals", "%.0f", one -> one.scaling().reversals()),
    INTERRUPTED_JOBS("interrupted", "%.0f", one -> one.scaling().interrupted()),
    TWICE_GPU_SECONDS("drawn twice, s", "%.1f", one -> one.scaling().twiceSeconds()),
    SAVED_GPU_SECONDS("saved, s", "%.0f", one -> one.scaling().savedSeconds());

    private final String title;
    private final String format;

    @SuppressWarnings("ImmutableEnumChecker") // all are lambdas without state
    private final ToDoubleFunction<ScalingOutcome> value;

    Figure(String title, String format, ToDoubleFunction<ScalingOutcome> value) {
      this.title = title;
      this.format = format;
      this.value = value;
    }

    /** Its name in JSON. */
    String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Its name in the table. */
    String title() {
      return title;
    }

    double of(ScalingOutcome outcome) {
      return value.applyAsDouble(outcome);
    }

    String text(double figure) {
      return String.format(Locale.ROOT, format, figure);
    }
  }
}
