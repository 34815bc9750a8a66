package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.schema.job.JobPage;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code polyptych jobs}. */
@Command(
    name = "jobs",
    mixinStandardHelpOptions = true,
    description = "Lists jobs, the newest first.")
public final class JobsCommand implements Callable<Integer> {
  /** The most that a page holds. */
  private static final int PAGE = 200;

  @Option(
      names = "--state",
      paramLabel = "STATE[,STATE…]",
      description = "Those in one of these states, for example queued,rendering.")
  private Optional<String> state = Optional.empty();

  @Option(names = "--task", paramLabel = "ID", description = "Those of a task.")
  private Optional<String> task = Optional.empty();

  @Option(names = "--batch", paramLabel = "ID", description = "Those of a batch.")
  private Optional<String> batch = Optional.empty();

  @Option(
      names = "--metadata",
      paramLabel = "KEY=VALUE",
      description = "Those with this metadata. May be repeated.")
  private Map<String, String> metadata = Map.of();

  @Option(
      names = "--created-after",
      paramLabel = "TIME",
      description = "Those that were submitted later, for example than 2026-11-30T12:00:00Z.")
  private Optional<String> createdAfter = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many at most (default: ${DEFAULT-VALUE}).")
  private int limit = 50;

  @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (limit < 1) {
      throw new ParameterException(spec.commandLine(), "--limit: must be at least 1, not " + limit);
    }
    dispatcher.answer(this::jobs, JobsCommand::print);
    return 0;
  }

  private JsonNode jobs(DispatcherClient client) throws IOException, InterruptedException {
    Map<String, String> filters = new LinkedHashMap<>();
    state.ifPresent(wanted -> filters.put("state", wanted));
    task.ifPresent(wanted -> filters.put("task", wanted));
    batch.ifPresent(wanted -> filters.put("batch", wanted));
    metadata.forEach((key, value) -> filters.put("metadata." + key, value));
    createdAfter.ifPresent(time -> filters.put("createdAfter", time));
    ArrayNode jobs = Json.mapper().createArrayNode();
    Optional<String> cursor = Optional.empty();
    do {
      filters.put("limit", Integer.toString(Math.min(PAGE, limit - jobs.size())));
      cursor.ifPresent(next -> filters.put("cursor", next));
      JobPage page = client.jobs(filters);
      page.jobs().forEach(job -> jobs.add(Json.mapper().<JsonNode>valueToTree(job)));
      cursor = page.cursor();
    } while (cursor.isPresent() && jobs.size() < limit);
    return jobs;
  }

  private static void print(JsonNode jobs, PrintWriter out) {
    DispatcherOptions.Table table =
        new DispatcherOptions.Table("job", "task", "state", "steps", "accepted", "batch", "label");
    for (JsonNode job : jobs) {
      table.row(
          job.path("id").asText(),
          job.path("task").asText(),
          job.path("state").asText(),
          job.path("step").asText() + "/" + job.path("steps").asText(),
          job.at("/times/accepted").asText(),
          job.path("batch").asText(),
          job.path("label").asText());
    }
    table.print(out);
  }
}
