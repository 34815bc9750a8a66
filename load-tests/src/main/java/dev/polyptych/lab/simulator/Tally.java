package dev.polyptych.lab.simulator;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Adds up what counts of a run: from the warm-up's end to the last arrival. */
final class Tally {
  private final double from;
  private final double to;
  private final DoubleStream.Builder waits = DoubleStream.builder();
  private double drawn;
  private double swapped;
  private double available;
  private int jobs;
  private int swaps;

  Tally(Load load) {
    this.from = load.warmUp();
    this.to = load.seconds();
  }

  /** A job waited, then swapped, then was drawn. */
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

  /** A lost worker has not drawn to the end. */
  void undo(SimulatedJob job, double lostAt, double doneAt) {
    drawn -= within(Math.max(lostAt, doneAt - job.seconds), doneAt);
  }

  /** A worker was there. */
  void present(double begin, double end) {
    available += within(begin, end);
  }

  Outcome outcome(int handovers) {
    double[] sorted = waits.build().toArray();
    Arrays.sort(sorted);
    return new Outcome(
        drawn / available,
        swapped / available,
        jobs == 0 ? 0 : (double) swaps / jobs,
        quantile(sorted, 0.5),
        quantile(sorted, 0.95),
        quantile(sorted, 1),
        jobs,
        handovers);
  }

  private static double quantile(double[] sorted, double part) {
    return sorted.length == 0 ? 0 : sorted[(int) (part * (sorted.length - 1))];
  }

  private double within(double begin, double end) {
    return Math.max(0, Math.min(end, to) - Math.max(begin, from));
  }
}
