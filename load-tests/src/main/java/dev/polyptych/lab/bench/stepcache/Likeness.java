package dev.polyptych.lab.bench.stepcache;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The jobs drawn in one way beside the same jobs in full. */
final class Likeness {
  /** What equal pictures have instead of infinitely many decibels. */
  static final double EQUAL = 100;

  private static final double PEAK = 255;

  private final List<Pair> pairs = new ArrayList<>();

  private record Pair(DrawnJob full, DrawnJob faster) {
    double squaredError() {
      return full.squaredError(faster);
    }
  }

  void add(DrawnJob full, DrawnJob faster) {
    pairs.add(new Pair(full, faster));
  }

  /** Seconds, steps and peak signal-to-noise ratio in dB; the names begin with the prefix. */
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
    figures.put(prefix + "psnr_db", decibels(mean(Pair::squaredError)));
    figures.put(prefix + "psnr_worst_db", decibels(greatest(Pair::squaredError)));
    return figures;
  }

  /** Peak signal-to-noise ratio of bytes; of equal ones {@link #EQUAL}. */
  static double decibels(double squaredError) {
    return squaredError == 0 ? EQUAL : Math.min(EQUAL, 10 * Math.log10(PEAK * PEAK / squaredError));
  }

  private double median(ToDoubleFunction<Pair> figure) {
    double[] sorted = pairs.stream().mapToDouble(figure).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private double mean(ToDoubleFunction<Pair> figure) {
    return pairs.stream().mapToDouble(figure).average().orElseThrow();
  }

  private double greatest(ToDoubleFunction<Pair> figure) {
    return pairs.stream().mapToDouble(figure).max().orElseThrow();
  }
}
