package dev.polyptych.lab.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of a benchmark.
 *
 * @param bench its name
 * @param machine facts about the machine, for people
 * @param figures name to value, units in the names
 * @param aims bounds that the figures should keep
 */
public record BenchReport(
    String bench, Map<String, String> machine, Map<String, Double> figures, List<Aim> aims) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  public BenchReport {
    machine = new LinkedHashMap<>(machine);
    figures = new LinkedHashMap<>(figures);
    aims = List.copyOf(aims);
  }

  /**
   * The result of one part of a benchmark.
   *
   * @param figures name to value, units in the names
   */
  public record Findings(Map<String, Double> figures, List<Aim> aims) {
    public Findings {
      figures = new LinkedHashMap<>(figures);
      aims = List.copyOf(aims);
    }
  }

  /**
   * A goal, and whether this machine reached it.
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

    /** An aim not to exceed a bound. */
    public static Aim atMost(String name, double bound, double value) {
      return new Aim(name, "<= " + bound, value, value <= bound);
    }
  }

  /** The findings of all parts, measured on this machine. */
  public static BenchReport of(String bench, Findings... parts) {
    Map<String, Double> figures = new LinkedHashMap<>();
    List<Aim> aims = new ArrayList<>();
    for (Findings part : parts) {
      figures.putAll(part.figures());
      aims.addAll(part.aims());
    }
    return new BenchReport(bench, thisMachine(), figures, aims);
  }

  /** The facts about this machine that figures depend on. The caller may add more. */
  public static Map<String, String> thisMachine() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("processor", processor());
    facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("java", System.getProperty("java.runtime.version"));
    return facts;
  }

  private static String processor() {
    try {
      return Files.readAllLines(PROCESSOR).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException unreadable) {
      return "unknown";
    }
  }

  /** One JSON object on one line. */
  public String json() {
    ObjectNode root = JSON.createObjectNode().put("bench", bench);
    machine.forEach(root.putObject("machine")::put);
    figures.forEach(root.putObject("figures")::put);
    root.set("aims", JSON.valueToTree(aims));
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
