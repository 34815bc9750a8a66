package dev.polyptych.lab.autoscale;

import dev.polyptych.lab.autoscale.ScalingOutcome.ScalingSample;
import dev.polyptych.lab.bench.Quantiles;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds up the costs and the output of a run. Times in seconds; nothing before {@code from} counts.
 */
final class Ledger {
  /** Two changes in opposite directions within this time are a reversal. */
  private static final double SOON = 900;

  private static final double HOUR = 3600;

  private final double from;
  private final List<Double> nodes = new ArrayList<>();
  private final List<Double> changes = new ArrayList<>();
  private double paid;
  private double counted;
  private double drawn;
  private double twice;
  private double saved;
  private int interrupted;
  private int reversals;
  private int settled;
  private int direction;

  Ledger(double from) {
    this.from = from;
  }

  void nodeAsked(double at) {
    nodes.add(at);
  }

  void nodeGone(double asked, double at) {
    nodes.remove(asked);
    paid += within(asked, at);
  }

  void drawn(double since, double until) {
    drawn += until - since;
    counted += within(since, until);
  }

  void settled(ScaledJob job) {
    if (Double.isNaN(job.waited())) {
      throw new IllegalStateException("a job was settled before it began");
    }
    settled++;
  }

  /**
   * Counts a job that was stopped.
   *
   * @param since seconds that its worker had drawn
   * @param again the part of them that must be drawn once more
   */
  void interrupted(double since, double again) {
    interrupted++;
    twice += again;
    saved += since - again;
  }

  void replicas(double at, int before, int after) {
    int turned = Integer.signum(after - before);
    boolean soon = !changes.isEmpty() && at - changes.getLast() <= SOON;
    if (at >= from) {
      reversals += soon && turned == -direction ? 1 : 0;
      changes.add(at);
    }
    direction = turned;
  }

  int settled() {
    return settled;
  }

  /** GPU-seconds of renders that have ended. */
  double drawn() {
    return drawn;
  }

  ScalingOutcome outcome(
      double end, List<ScaledJob> jobs, double returnsAt, List<ScalingSample> samples) {
    nodes.forEach(asked -> paid += within(asked, end));
    double[] waits =
        jobs.stream().filter(job -> job.arrived >= from).mapToDouble(ScaledJob::waited).toArray();
    double first =
        jobs.stream()
            .filter(job -> job.arrived >= returnsAt)
            .mapToDouble(ScaledJob::waited)
            .findFirst()
            .orElse(0);
    return new ScalingOutcome(
        new ScalingOutcome.Waits(
            Quantiles.lower(0.5, waits),
            Quantiles.lower(0.95, waits),
            Quantiles.lower(1, waits),
            first),
        new ScalingOutcome.Hours(paid / HOUR, (paid - counted) / HOUR),
        new ScalingOutcome.Scaling(changes.size(), reversals, interrupted, twice, saved),
        waits.length,
        samples);
  }

  private double within(double begin, double end) {
    return Math.max(0, end - Math.max(begin, from));
  }
}
