package dev.polyptych.lab.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a benchmark measured.
 *
 * @param bench its name
 * @param machine what it ran on, for people
 * @param figures name to value, units in the names
 * @param aims what the figures should be
 */
public record BenchReport(
    String bench, Map<String, String> machine, Map<String, Double> figures, List<Aim> aims) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public BenchReport {
    machine = new LinkedHashMap<>(machine);
    figures = new LinkedHashMap<>(figures);
    aims = List.copyOf(aims);
  }

  /**
   * A goal, and how near the machine came.
   *
   * @param aim comparison and bound, for example {@code < 1}
   */
  public record Aim(String name, String aim, double value, boolean met) {
    /** An aim to stay below a bound. */
    public static Aim below(String name, double bound, double value) {
      return new Aim(name, "< " + bound, value, value < bound);
    }

    /** An aim to reach a bound. */
    public static Aim atLeast(String name, double bound, double value) {
      return new Aim(name, ">= " + bound, value, value >= bound);
    }

    /** An aim not to pass a bound. */
    public static Aim atMost(String name, double bound, double value) {
      return new Aim(name, "<= " + bound, value, value <= bound);
    }
  }

  /** One JSON object on one line. */
  public String json() {
    ObjectNode root = JSON.createObjectNode().put("bench", bench);
    machine.forEach(root.putObject("machine")::put);
    figures.forEach(root.putObject("figures")::put);
    var list = root.putArray("aims");
    for (Aim aim : aims) {
      list.addObject()
          .put("name", aim.name())
          .put("aim", aim.aim())
          .put("value", aim.value())
          .put("met", aim.met());
    }
    return root.toString();
  }

  /** Lines for people. */
  public String text() {
    StringBuilder text = new StringBuilder();
    figures.forEach((name, value) -> text.append(String.format("%-48s %12.6g%n", name, value)));
    aims.forEach(
        aim ->
            text.append(
                String.format(
                    "%-48s %12.6g  aim %s: %s%n",
                    aim.name(), aim.value(), aim.aim(), aim.met() ? "met" : "missed")));
    return text.toString();
  }
}
