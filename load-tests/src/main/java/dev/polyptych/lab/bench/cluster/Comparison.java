package dev.polyptych.lab.bench.cluster;

import dev.polyptych.lab.bench.BenchReport.Aim;
import dev.polyptych.lab.simulator.Replay;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The measurement of an arm under a load, and the simulator's prediction.
 *
 * @param load part of the figures' names
 * @param costs inputs of the prediction, by name
 */
record Comparison(
    String load, Replay.Way way, Measures measured, Measures predicted, Map<String, Double> costs) {
  private static final double MOST_OFF = 0.15;
  private static final String ROW = "| %s | %s |" + " %.2f | %.2f | %s |".repeat(3) + "%n";
  private static final String HEAD =
      """
      | load | arm | swaps a job | simulated | off | jobs a second | simulated | off | p95 wait s | simulated | off |
      | --- | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |
      """;

  /** One figure, measured and predicted. */
  private record Pair(String name, double measured, double predicted) {
    /** Relative deviation from the measured value; if that is 0, it is 1 or 0. */
    double off() {
      if (measured == 0) {
        return predicted == 0 ? 0 : 1;
      }
      return predicted / measured - 1;
    }
  }

  static String table(List<Comparison> comparisons) {
    StringBuilder table = new StringBuilder(HEAD);
    comparisons.forEach(one -> table.append(one.row()));
    return table.toString();
  }

  void addTo(Map<String, Double> figures, List<Aim> aims) {
    String prefix = (load + "_" + name() + "_").replace('-', '_');
    costs.forEach((name, value) -> figures.put(prefix + name, value));
    for (Pair pair : pairs()) {
      figures.put(prefix + pair.name(), pair.measured());
      figures.put(prefix + pair.name() + "_simulated", pair.predicted());
      aims.add(Aim.atMost(prefix + pair.name() + "_off", MOST_OFF, Math.abs(pair.off())));
    }
  }

  private String row() {
    List<Pair> pairs = pairs();
    return ROW.formatted(
        load,
        name(),
        pairs.get(0).measured(),
        pairs.get(0).predicted(),
        percent(pairs.get(0)),
        pairs.get(1).measured(),
        pairs.get(1).predicted(),
        percent(pairs.get(1)),
        pairs.get(2).measured(),
        pairs.get(2).predicted(),
        percent(pairs.get(2)));
  }

  private List<Pair> pairs() {
    return List.of(
        new Pair("swaps_per_job", measured.swapsPerJob(), predicted.swapsPerJob()),
        new Pair("jobs_per_second", measured.throughput(), predicted.throughput()),
        new Pair("p95_wait_seconds", measured.p95Wait(), predicted.p95Wait()));
  }

  private String name() {
    return way.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String percent(Pair pair) {
    return String.format(Locale.ROOT, "%+.0f %%", 100 * pair.off());
  }
}
