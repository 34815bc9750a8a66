package dev.polyptych.lab.autoscale;

import java.util.ArrayList;
import java.util.List;

/** Adds up what a run costs and gives. Times in seconds; before {@code from} nothing counts. */
final class Ledger {
  /** Up and down again, or down and up, within this: the fleet flaps. */
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
      throw new IllegalStateException("a job that was never begun is settled");
    }
    settled++;
  }

  /**
   * @param since seconds that its worker had drawn
   * @param again of them to be drawn once more
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

  /** GPU-seconds of jobs that are no longer being drawn. */
  double drawn() {
    return drawn;
  }

  Outcome outcome(double end, List<ScaledJob> jobs, double returnsAt, List<Sample> samples) {
    nodes.forEach(asked -> paid += within(asked, end));
    double[] waits =
        jobs.stream()
            .filter(job -> job.arrived >= from)
            .mapToDouble(ScaledJob::waited)
            .sorted()
            .toArray();
    double first =
        jobs.stream()
            .filter(job -> job.arrived >= returnsAt)
            .mapToDouble(ScaledJob::waited)
            .findFirst()
            .orElse(0);
    return new Outcome(
        new Outcome.Waits(quantile(waits, 0.5), quantile(waits, 0.95), quantile(waits, 1), first),
        new Outcome.Hours(paid / HOUR, (paid - counted) / HOUR),
        new Outcome.Scaling(changes.size(), reversals, interrupted, twice, saved),
        waits.length,
        samples);
  }

  private static double quantile(double[] sorted, double part) {
    return sorted.length == 0 ? 0 : sorted[(int) (part * (sorted.length - 1))];
  }

  private double within(double begin, double end) {
    return Math.max(0, end - Math.max(begin, from));
  }
}
