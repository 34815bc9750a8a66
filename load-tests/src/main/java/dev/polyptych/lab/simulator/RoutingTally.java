package dev.polyptych.lab.simulator;

import dev.polyptych.lab.bench.Quantiles;
import java.util.stream.DoubleStream;

/** Adds up the figures of a run, from the end of the warm-up to the last arrival. */
final class RoutingTally {
  private final double from;
  private final double to;
  private final DoubleStream.Builder waits = DoubleStream.builder();
  private double drawn;
  private double swapped;
  private double available;
  private int jobs;
  private int swaps;

  RoutingTally(SimulatedLoad load) {
    this.from = load.warmUp();
    this.to = load.seconds();
  }

  /** A job waited, then its adapter was swapped in, then it was drawn. */
  void job(SimulatedJob job, double begun, double swapSeconds) {
    double drawing = begun + swapSeconds;
    swapped += within(begun, drawing);
    drawn += within(drawing, drawing + job.seconds);
    if (begun >= from && begun < to) {
      jobs++;
      swaps += swapSeconds > 0 ? 1 : 0;
    }
    if (job.arrived >= from) {
      waits.add(drawing - job.arrived);
    }
  }

  /** Takes back the part that a lost worker did not draw. */
  void undo(SimulatedJob job, double lostAt, double doneAt) {
    drawn -= within(Math.max(lostAt, doneAt - job.seconds), doneAt);
  }

  /** A worker was present. */
  void present(double begin, double end) {
    available += within(begin, end);
  }

  RoutingOutcome outcome(int handovers) {
    double[] all = waits.build().toArray();
    return new RoutingOutcome(
        drawn / available,
        swapped / available,
        jobs == 0 ? 0 : (double) swaps / jobs,
        Quantiles.lower(0.5, all),
        Quantiles.lower(0.95, all),
        Quantiles.lower(1, all),
        jobs,
        handovers);
  }

  private double within(double begin, double end) {
    return Math.max(0, Math.min(end, to) - Math.max(begin, from));
  }

  /**
   * The result of a run, without its warm-up.
   *
   * @param delivered GPU-seconds drawn ÷ GPU-seconds available
   * @param swapShare GPU-seconds spent on swaps ÷ GPU-seconds available
   * @param swapsPerJob swaps ÷ jobs begun
   * @param p50Wait seconds from submission to the first step, including the swap
   * @param jobs number of jobs begun
   */
  record RoutingOutcome(
      double delivered,
      double swapShare,
      double swapsPerJob,
      double p50Wait,
      double p95Wait,
      double longestWait,
      int jobs,
      int handovers) {}
}
