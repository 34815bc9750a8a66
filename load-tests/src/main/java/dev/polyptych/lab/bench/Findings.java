package dev.polyptych.lab.bench;

import dev.polyptych.lab.bench.BenchReport.Aim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one part of a benchmark found.
 *
 * @param figures name to value, units in the names
 */
public record Findings(Map<String, Double> figures, List<Aim> aims) {
  public Findings {
    figures = new LinkedHashMap<>(figures);
    aims = List.copyOf(aims);
  }

  /** Of all parts together. */
  public static BenchReport report(String bench, Findings... parts) {
    Map<String, Double> figures = new LinkedHashMap<>();
    List<Aim> aims = new ArrayList<>();
    for (Findings part : parts) {
      figures.putAll(part.figures());
      aims.addAll(part.aims());
    }
    return new BenchReport(bench, Machine.facts(), figures, aims);
  }
}
