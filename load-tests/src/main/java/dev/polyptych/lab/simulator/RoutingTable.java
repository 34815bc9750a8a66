package dev.polyptych.lab.simulator;

import dev.polyptych.lab.simulator.Grid.Cell;
import dev.polyptych.lab.simulator.RoutingArm.Arms;
import dev.polyptych.lab.simulator.RoutingTally.RoutingOutcome;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The results of a grid as text, one line per cell. */
final class RoutingTable {
  private RoutingTable() {}

  /** A line of progress. */
  static String line(Cell cell) {
    SimulatedLoad load = cell.load();
    return "%s, swap %s renders, load %s: %s"
        .formatted(
            load.scene(),
            number(load.swap()),
            number(load.load()),
            cell.outcomes().keySet().stream()
                .map(arm -> arm + " " + figure(cell, arm))
                .collect(Collectors.joining(", ")));
  }

  /**
   * A Markdown table: under overload the delivered share, otherwise the 95th percentile of waits.
   */
  static String markdown(List<Cell> cells) {
    List<String> arms = List.copyOf(Arms.all().keySet());
    StringBuilder text = new StringBuilder("| load | swap | of capacity | ");
    text.append(String.join(" | ", arms)).append(" |\n|---|---|---|");
    text.append("---|".repeat(arms.size())).append('\n');
    for (Cell cell : cells) {
      SimulatedLoad load = cell.load();
      text.append(
          "| %s | %s | %s |".formatted(load.scene(), number(load.swap()), number(load.load())));
      String best = load.overload() ? cell.mostDelivered() : cell.shortestWait();
      for (String arm : arms) {
        String figure = figure(cell, arm);
        text.append(' ').append(arm.equals(best) ? "**" + figure + "**" : figure).append(" |");
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String figure(Cell cell, String arm) {
    RoutingOutcome outcome = cell.of(arm);
    return cell.load().overload()
        ? String.format(Locale.ROOT, "%.2f", outcome.delivered())
        : String.format(Locale.ROOT, "%.1f s", outcome.p95Wait());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%s", value);
  }
}
