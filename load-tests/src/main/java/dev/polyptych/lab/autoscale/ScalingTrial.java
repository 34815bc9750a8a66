package dev.polyptych.lab.autoscale;

import dev.polyptych.lab.autoscale.ScalingOutcome.Figure;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * One arm under one demand.
 *
 * @param outcomes one per seed
 */
record ScalingTrial(Demand demand, String arm, List<ScalingOutcome> outcomes) {
  private static final long SEEDS = 5;

  ScalingTrial {
    outcomes = List.copyOf(outcomes);
  }

  static ScalingTrial run(Demand demand, String name, AutoscaleArm arm, Deployed deployed) {
    return run(demand, name, arm, deployed, SEEDS);
  }

  static ScalingTrial run(
      Demand demand, String name, AutoscaleArm arm, Deployed deployed, long seeds) {
    return new ScalingTrial(
        demand,
        name,
        LongStream.rangeClosed(1, seeds)
            .mapToObj(seed -> Autoscaling.run(demand, arm, deployed, seed))
            .toList());
  }

  /** The mean over all seeds. */
  double mean(Figure figure) {
    return outcomes.stream().mapToDouble(figure::of).average().orElseThrow();
  }

  double meanFirstWait() {
    return outcomes.stream().mapToDouble(one -> one.waits().first()).average().orElseThrow();
  }

  /** Changes of direction per hour, without the warm-up. */
  double reversalsAnHour() {
    double hours = (demand.seconds() - demand.warmUpSeconds()) / 3600;
    return mean(Figure.REVERSALS) / hours;
  }

  /** The share of drawn GPU-seconds that were drawn twice. */
  double twiceShare() {
    double drawn = mean(Figure.PAID_GPU_HOURS) - mean(Figure.IDLE_GPU_HOURS);
    return mean(Figure.TWICE_GPU_SECONDS) / (3600 * drawn);
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%s, %s: p95 wait %.0f s, %.1f GPU-hours",
        demand.text(),
        arm,
        mean(Figure.P95_WAIT_SECONDS),
        mean(Figure.PAID_GPU_HOURS));
  }
}
