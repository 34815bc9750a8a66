package dev.polyptych.engine.denoise;

import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.adapter.AdapterCosts;
import dev.polyptych.engine.adapter.AdapterPlacement;
import dev.polyptych.weights.lora.HostAdapter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures what an adapter costs on this machine: steps without it, beside the base and merged,
 * taken in turns so that whatever else the machine does hits all three alike; medians. Render
 * thread only; the pipeline draws without an adapter afterwards.
 */
public final class AdapterTrial {
  private static final int WARM_UP = 1;

  private final FluxPipeline pipeline;
  private final DenoiseRequest request;
  private final int rounds;

  /** Seconds of one step in each way, and of the merge. */
  public record Times(double bare, double branch, double merged, double merge) {
    /** What the policy asks for. */
    public AdapterCosts costs() {
      return new AdapterCosts(branch - merged, merge);
    }
  }

  private AdapterTrial(FluxPipeline pipeline, int width, int height, int rounds) {
    this.pipeline = pipeline;
    this.request = new DenoiseRequest("trial", width, height, WARM_UP + rounds, 3.5, 0, 1);
    this.rounds = rounds;
  }

  /**
   * Measures so many steps of each kind over a sheet of that size in pixels.
   *
   * @throws IllegalArgumentException if width or height is no multiple of the model's token edge
   */
  public static Times measure(
      FluxPipeline pipeline, HostAdapter adapter, int width, int height, int rounds) {
    return new AdapterTrial(pipeline, width, height, rounds).measure(adapter);
  }

  private Times measure(HostAdapter host) {
    AdapterPlacement placement = pipeline.adapterPlacement();
    try (Adapter branch = placement.branch(host)) {
      placement.merged(host, branch, 1).close();
      long begin = System.nanoTime();
      try (Adapter merged = placement.merged(host, branch, 1)) {
        double merge = seconds(begin);
        List<double[]> steps = steps(List.of(pipeline::useNone, use(branch), use(merged)));
        return new Times(median(steps.get(0)), median(steps.get(1)), median(steps.get(2)), merge);
      }
    } finally {
      pipeline.useNone();
    }
  }

  private Runnable use(Adapter adapter) {
    return () -> pipeline.use(adapter);
  }

  private List<double[]> steps(List<Runnable> ways) {
    List<Denoising> runs = new ArrayList<>();
    List<double[]> seconds = new ArrayList<>();
    try {
      for (Runnable way : ways) {
        way.run();
        runs.add(pipeline.start(request));
        seconds.add(new double[rounds]);
      }
      runs.forEach(Denoising::step);
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
      runs.forEach(Denoising::close);
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
