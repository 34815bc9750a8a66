package dev.polyptych.lab.bench.stepcache;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.lab.bench.PictureError;
import dev.polyptych.lab.bench.Quantiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Compares jobs drawn in one way with the same jobs drawn in full. */
final class Likeness {
  private final List<Pair> pairs = new ArrayList<>();

  private record Pair(DrawnJob full, DrawnJob faster) {
    double squaredError() {
      return full.squaredError(faster);
    }
  }

  void add(DrawnJob full, DrawnJob faster) {
    pairs.add(new Pair(full, faster));
  }

  /** Seconds, steps and peak signal-to-noise ratio in dB. All names begin with the prefix. */
  Map<String, Double> figures(String prefix) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(prefix + "job_seconds", median(pair -> pair.faster().seconds()));
    figures.put(prefix + "job_seconds_in_full", median(pair -> pair.full().seconds()));
    figures.put(
        prefix + "job_seconds_ratio",
        median(pair -> pair.faster().seconds() / pair.full().seconds()));
    figures.put(
        prefix + "job_cpu_seconds_ratio",
        median(pair -> pair.faster().cpuSeconds() / pair.full().cpuSeconds()));
    figures.put(prefix + "steps_computed", mean(pair -> pair.faster().computedSteps()));
    figures.put(prefix + "psnr_db", PictureError.decibels(mean(Pair::squaredError)));
    figures.put(prefix + "psnr_worst_db", PictureError.decibels(greatest(Pair::squaredError)));
    return figures;
  }

  private double median(ToDoubleFunction<Pair> figure) {
    return Quantiles.median(pairs, figure);
  }

  private double mean(ToDoubleFunction<Pair> figure) {
    return pairs.stream().mapToDouble(figure).average().orElseThrow();
  }

  private double greatest(ToDoubleFunction<Pair> figure) {
    return pairs.stream().mapToDouble(figure).max().orElseThrow();
  }

  /**
   * A drawn sheet and its costs.
   *
   * @param seconds wall-clock time
   * @param cpuSeconds of all threads of the process; more stable on a busy machine
   * @param computedSteps steps that were computed and not taken from the cache
   */
  record DrawnJob(double seconds, double cpuSeconds, int computedSteps, SheetPixels picture) {
    /** Mean squared difference of the bytes of two pictures of one size. */
    double squaredError(DrawnJob other) {
      return PictureError.squared(picture, other.picture);
    }
  }
}
