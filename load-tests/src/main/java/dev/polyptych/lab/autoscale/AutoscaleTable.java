package dev.polyptych.lab.autoscale;

import java.util.List;
import java.util.stream.Collectors;

/** What all trials came to, as Markdown: a table for a demand, a line for an arm. */
final class AutoscaleTable {
  private AutoscaleTable() {}

  static String markdown(List<Trial> trials) {
    StringBuilder text = new StringBuilder();
    for (Demand demand : Demand.values()) {
      text.append("### ").append(demand.text()).append("\n\n| arm | ");
      text.append(Figure.ALL.stream().map(Figure::title).collect(Collectors.joining(" | ")));
      text.append(demand == Demand.NIGHT ? " | first of the morning, s |\n" : " |\n");
      int columns = Figure.ALL.size() + (demand == Demand.NIGHT ? 2 : 1);
      text.append('|').append("---|".repeat(columns)).append('\n');
      trials.stream()
          .filter(trial -> trial.demand() == demand)
          .forEach(trial -> text.append(line(trial)));
      text.append('\n');
    }
    return text.toString();
  }

  private static String line(Trial trial) {
    String figures =
        Figure.ALL.stream()
            .map(figure -> figure.text(trial.mean(figure)))
            .collect(Collectors.joining(" | "));
    String first =
        trial.demand() == Demand.NIGHT ? " | " + Figure.P95.text(trial.meanFirstWait()) : "";
    return "| " + trial.arm() + " | " + figures + first + " |\n";
  }
}
