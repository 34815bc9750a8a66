package dev.polyptych.engine.adapter;

import dev.polyptych.engine.adapter.ApplicationPolicy.AdapterCosts;
import dev.polyptych.weights.lora.HostAdapter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures what an adapter costs on this machine: steps without it, as a branch and merged. The
 * three take turns, so that other load on the machine affects all alike. Medians. Render thread
 * only.
 */
public final class AdapterTrial {
  private static final int WARM_UP = 1;

  private final Model model;
  private final int rounds;

  /** The model that draws the sheets of the trial. */
  @FunctionalInterface
  public interface Model {
    /** Starts a run. */
    Steps start(AppliedAdapters with, int steps);
  }

  /** A run, as far as the trial needs it. */
  public interface Steps extends AutoCloseable {
    void step();

    @Override
    void close();
  }

  /** Seconds of one step in each way, and of the merge. */
  public record Times(double bare, double branch, double merged, double merge) {
    /** What the policy needs. */
    public AdapterCosts costs() {
      return new AdapterCosts(branch - merged, merge);
    }
  }

  private AdapterTrial(Model model, int rounds) {
    this.model = model;
    this.rounds = rounds;
  }

  /**
   * @param rounds measured steps of each kind
   */
  public static Times measure(
      AdapterPlacement placement, HostAdapter adapter, int rounds, Model model) {
    return new AdapterTrial(model, rounds).measure(placement, adapter);
  }

  private Times measure(AdapterPlacement placement, HostAdapter host) {
    try (Adapter branch = placement.branch(host)) {
      merged(placement, host).close();
      long begin = System.nanoTime();
      try (AppliedAdapters merged = merged(placement, host)) {
        double merge = seconds(begin);
        List<double[]> steps =
            steps(List.of(placement.joined(List.of(), List.of()), branch.at(1), merged));
        return new Times(median(steps.get(0)), median(steps.get(1)), median(steps.get(2)), merge);
      }
    }
  }

  private static AppliedAdapters merged(AdapterPlacement placement, HostAdapter host) {
    return placement.merged(List.of(host), List.of(1.0));
  }

  private List<double[]> steps(List<AppliedAdapters> ways) {
    List<Steps> runs = new ArrayList<>();
    List<double[]> seconds = new ArrayList<>();
    try {
      for (AppliedAdapters way : ways) {
        runs.add(model.start(way, WARM_UP + rounds));
        seconds.add(new double[rounds]);
      }
      runs.forEach(Steps::step);
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < runs.size(); i++) {
          int way = (round + i) % runs.size();
          long begin = System.nanoTime();
          runs.get(way).step();
          seconds.get(way)[round] = seconds(begin);
        }
      }
      return seconds;
    } finally {
      runs.forEach(Steps::close);
    }
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
