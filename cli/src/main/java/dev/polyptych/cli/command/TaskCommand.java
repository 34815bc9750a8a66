package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code polyptych task}. */
@Command(
    name = "task",
    mixinStandardHelpOptions = true,
    description = "Lists, registers and removes tasks.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TaskCommand.ListTasks.class,
      TaskCommand.Show.class,
      TaskCommand.Apply.class,
      TaskCommand.Remove.class,
    })
public final class TaskCommand {
  /** {@code polyptych task list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the tasks that jobs may name.")
  static final class ListTasks implements Callable<Integer> {
    @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws Exception {
      dispatcher.answer(DispatcherClient::tasks, ListTasks::print);
      return 0;
    }

    private static void print(JsonNode answer, PrintWriter out) {
      DispatcherOptions.Table table =
          new DispatcherOptions.Table("TASK", "VERSION", "OWNER", "ADAPTERS", "PANELS", "TITLE");
      for (JsonNode task : answer.path("tasks")) {
        int panels = task.at("/layout/rows").asInt() * task.at("/layout/columns").asInt();
        table.row(
            task.path("id").asText(),
            task.path("number").asText("built in"),
            task.path("owner").asText("shared"),
            adapters(task),
            Integer.toString(panels),
            task.path("title").asText());
      }
      table.print(out);
    }

    private static String adapters(JsonNode task) {
      if (!task.has("adapters")) {
        return task.path("adapter").asText();
      }
      return task.path("adapters").isEmpty()
          ? "none"
          : String.join(" + ", task.path("adapters").findValuesAsText("name"));
    }
  }

  /** {@code polyptych task show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Prints a task as YAML, to be changed and applied.")
  static final class Show implements Callable<Integer> {
    @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

    @Parameters(index = "0", paramLabel = "TASK", description = "The task's id.")
    private String id = "";

    @Override
    public Integer call() throws Exception {
      dispatcher.answer(client -> client.registry().task(id).path("task"), Show::print);
      return 0;
    }

    private static void print(JsonNode task, PrintWriter out) {
      try {
        ObjectNode written = task.deepCopy();
        written.remove(List.of("number", "owner"));
        out.print(new YAMLMapper().writeValueAsString(written));
      } catch (IOException impossible) {
        throw new IllegalStateException("writing to memory failed", impossible);
      }
    }
  }

  /** {@code polyptych task apply}. */
  @Command(
      name = "apply",
      mixinStandardHelpOptions = true,
      description = {
        "Registers the tasks of a file: one task, or a catalog of a base with its tasks.",
        "A task that is as it was keeps its version, so this may be repeated."
      })
  static final class Apply implements Callable<Integer> {
    @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

    @Parameters(index = "0", paramLabel = "FILE", description = "YAML.")
    private Path file = Path.of("");

    @Mixin private AdapterCommand.Base base = new AdapterCommand.Base();

    @Option(
        names = "--prune",
        description = "Also remove registered tasks of your own that the file lacks.")
    private boolean prune;

    @Override
    public Integer call() throws Exception {
      JsonNode document = new YAMLMapper().readTree(file.toFile());
      dispatcher.answer(
          client -> applied(client, document),
          (versions, out) ->
              versions.forEach(
                  version ->
                      out.printf(
                          "%s %s@%d%n",
                          version.path("removed").asBoolean() ? "removed" : "applied",
                          version.at("/task/id").asText(),
                          version.path("number").asInt())));
      return 0;
    }

    private JsonNode applied(DispatcherClient client, JsonNode document)
        throws IOException, InterruptedException {
      ArrayNode versions = Json.mapper().createArrayNode();
      Set<String> kept = new HashSet<>();
      for (JsonNode task : document.has("tasks") ? document.path("tasks") : tasks(document)) {
        ObjectNode body = task.deepCopy();
        if (!body.has("base")) {
          base.id()
              .or(() -> Optional.ofNullable(document.path("model").textValue()))
              .ifPresent(id -> body.put("base", id));
        }
        String id = task.path("id").asText();
        kept.add(id);
        versions.add(client.registry().putTask(id, Json.bytes(body)));
      }
      if (prune) {
        for (JsonNode task : client.tasks().path("tasks")) {
          if (task.has("number") && !kept.contains(task.path("id").asText())) {
            client
                .registry()
                .removeTask(task.path("id").asText(), OptionalInt.empty())
                .path("removed")
                .forEach(version -> versions.add(((ObjectNode) version).put("removed", true)));
          }
        }
      }
      return versions;
    }

    private static ArrayNode tasks(JsonNode task) {
      return Json.mapper().createArrayNode().add(task);
    }
  }

  /** {@code polyptych task remove}. */
  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = {
        "Hides a registered task, or one version of it, from new jobs.",
        "Jobs that were accepted before are drawn."
      })
  static final class Remove implements Callable<Integer> {
    @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

    @Parameters(index = "0", paramLabel = "TASK[@N]", description = "Its id, or one version.")
    private String reference = "";

    @Override
    public Integer call() throws Exception {
      AdapterCommand.Reference parts = AdapterCommand.Reference.of(reference);
      dispatcher.answer(
          client -> client.registry().removeTask(parts.name(), parts.version()),
          (answer, out) -> AdapterCommand.removed(answer, "/task/id", out));
      return 0;
    }
  }
}
