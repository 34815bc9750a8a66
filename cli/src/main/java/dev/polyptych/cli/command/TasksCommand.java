package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code polyptych tasks}. */
@Command(
    name = "tasks",
    mixinStandardHelpOptions = true,
    description = "Lists the tasks that a dispatcher offers, those of its catalog included.")
public final class TasksCommand implements Callable<Integer> {
  @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

  @Override
  public Integer call() throws Exception {
    dispatcher.answer(client -> client.tasks(), TasksCommand::print);
    return 0;
  }

  private static void print(JsonNode tasks, PrintWriter out) {
    DispatcherOptions.Table table =
        new DispatcherOptions.Table("task", "base", "adapter", "panels", "pixels", "steps");
    for (JsonNode task : tasks.path("tasks")) {
      JsonNode layout = task.path("layout");
      table.row(
          task.path("id").asText(),
          task.path("base").asText(),
          task.path("adapter").asText("none"),
          layout.path("rows").asText() + " x " + layout.path("columns").asText(),
          layout.path("panelWidth").asText() + " x " + layout.path("panelHeight").asText(),
          task.at("/defaults/steps").asText());
    }
    table.print(out);
  }
}
