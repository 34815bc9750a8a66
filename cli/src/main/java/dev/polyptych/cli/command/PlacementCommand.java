package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code polyptych placement}. */
@Command(
    name = "placement",
    mixinStandardHelpOptions = true,
    description = {
      "Shows where the jobs of a task go: the workers of its adapter's spread, and the one that the"
          + " next job would get, marked >.",
      "Seconds are GPU seconds of a worker."
    })
public final class PlacementCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "TASK", description = "The task's id, as in the catalog.")
  private String task = "";

  @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

  @Override
  public Integer call() throws Exception {
    dispatcher.answer(client -> client.placement(task), PlacementCommand::print);
    return 0;
  }

  private static void print(JsonNode report, PrintWriter out) {
    out.printf(
        "task %s, adapter %s: %.1f %% of the traffic, spread over %d workers%n",
        report.path("task").asText(),
        report.path("adapter").asText(),
        100 * report.path("share").asDouble(),
        report.path("width").asInt());
    JsonNode next = report.path("next");
    if (next.isMissingNode()) {
      out.println("the dispatcher can't read the lanes now; try again");
      return;
    }
    DispatcherOptions.Table table =
        new DispatcherOptions.Table(" ", "PARTITION", "WORKER", "TIER", "OUTSTANDING");
    boolean inside = false;
    for (JsonNode spot : report.path("spread")) {
      boolean taken = spot.path("partition").equals(next.path("partition"));
      inside |= taken;
      row(table, taken ? ">" : " ", spot);
    }
    if (!inside) {
      row(table, ">", next);
    }
    table.print(out);
    out.printf(
        "next: partition %s, %s: %s%n",
        next.path("partition").asText(), next.path("reason").asText(), next.path("text").asText());
  }

  private static void row(DispatcherOptions.Table table, String mark, JsonNode spot) {
    table.row(
        mark,
        spot.path("partition").asText(),
        spot.path("worker").asText("none"),
        spot.path("tier").asText("-"),
        spot.has("outstandingSeconds")
            ? "%.1f s".formatted(spot.path("outstandingSeconds").asDouble())
            : "-");
  }
}
