package dev.polyptych.lab.autoscale;

import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * One arm under one demand.
 *
 * @param outcomes one of each seed
 */
record Trial(Demand demand, String arm, List<Outcome> outcomes) {
  private static final long SEEDS = 5;

  Trial {
    outcomes = List.copyOf(outcomes);
  }

  static Trial run(Demand demand, String name, AutoscaleArm arm, Deployed deployed) {
    return run(demand, name, arm, deployed, SEEDS);
  }

  static Trial run(Demand demand, String name, AutoscaleArm arm, Deployed deployed, long seeds) {
    return new Trial(
        demand,
        name,
        LongStream.rangeClosed(1, seeds)
            .mapToObj(seed -> Autoscaling.run(demand, arm, deployed, seed))
            .toList());
  }

  /** Mean of all seeds. */
  double mean(Figure figure) {
    return outcomes.stream().mapToDouble(figure::of).average().orElseThrow();
  }

  double meanFirstWait() {
    return outcomes.stream().mapToDouble(one -> one.waits().first()).average().orElseThrow();
  }

  /** Changes of direction an hour of counted time. */
  double reversalsAnHour() {
    double hours = (demand.seconds() - demand.warmUpSeconds()) / 3600;
    return mean(Figure.REVERSALS) / hours;
  }

  /** Of the GPU-seconds drawn. */
  double twiceShare() {
    double drawn = mean(Figure.PAID) - mean(Figure.IDLE);
    return mean(Figure.TWICE) / (3600 * drawn);
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%s, %s: p95 wait %.0f s, %.1f GPU-hours",
        demand.text(),
        arm,
        mean(Figure.P95),
        mean(Figure.PAID));
  }
}
