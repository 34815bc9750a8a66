package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.schema.catalog.AdapterSet;
import dev.polyptych.schema.registry.RegistryName;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code polyptych workers}. */
@Command(
    name = "workers",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the live workers with state, outstanding work, partitions and adapters.",
      "Seconds are GPU seconds of a worker. An adapter marked * is warm."
    })
public final class WorkersCommand implements Callable<Integer> {
  @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

  @Override
  public Integer call() throws Exception {
    dispatcher.answer(DispatcherClient::workers, WorkersCommand::print);
    return 0;
  }

  private static void print(JsonNode answer, PrintWriter out) {
    JsonNode workers = answer.path("workers");
    if (workers.isEmpty()) {
      out.println("no worker is up; start one: polyptych worker");
      return;
    }
    DispatcherOptions.Table table =
        new DispatcherOptions.Table(
            "WORKER", "STATE", "OUTSTANDING", "WAITING", "PARTITIONS", "ADAPTERS");
    for (JsonNode worker : workers) {
      table.row(
          worker.path("id").asText(),
          state(worker),
          "%.1f s".formatted(worker.path("outstandingSeconds").asDouble()),
          worker.path("waiting").asText(),
          ranges(worker.path("partitions")),
          adapters(worker));
    }
    table.print(out);
  }

  private static String state(JsonNode worker) {
    String stuck = worker.at("/abilities/stuck").asText();
    if (!stuck.isEmpty()) {
      return "stuck in " + stuck;
    }
    if (worker.path("otherBase").asBoolean()) {
      return "other base: " + worker.path("model").asText();
    }
    String refused = worker.at("/abilities/refusedWeights").asText();
    if (!refused.isEmpty()) {
      return "weights not accepted: " + refused.substring(0, 12);
    }
    if (worker.path("loading").asBoolean()) {
      return "loading";
    }
    if (!worker.at("/abilities/missing").isEmpty()) {
      return "lacks " + worker.at("/abilities/missing").size() + " adapters";
    }
    return worker.at("/load/runningSeconds").asDouble() > 0 ? "rendering" : "ready";
  }

  /** Adapters in memory, the fastest tier first. */
  private static String adapters(JsonNode worker) {
    String warm = worker.path("adapter").asText();
    Set<String> adapters = new LinkedHashSet<>();
    if (!warm.isEmpty()) {
      adapters.add(warm);
    }
    for (String tier : List.of("merged", "device", "host")) {
      worker.at("/load/adapters/" + tier).forEach(adapter -> adapters.add(adapter.asText()));
    }
    return adapters.stream()
        .map(adapter -> named(adapter, worker.path("names")) + (adapter.equals(warm) ? "*" : ""))
        .collect(Collectors.joining(" "));
  }

  /** The adapters of a set by their names; unknown digests in short. */
  private static String named(String key, JsonNode names) {
    return AdapterSet.members(key).stream()
        .map(id -> names.path(id).asText(RegistryName.isSha256(id) ? id.substring(0, 12) : id))
        .collect(Collectors.joining("+"));
  }

  /** Neighbours as a range: {@code 0-7,12}. */
  static String ranges(JsonNode partitions) {
    List<int[]> ranges = new ArrayList<>();
    partitions
        .valueStream()
        .mapToInt(JsonNode::intValue)
        .sorted()
        .forEach(
            partition -> {
              if (!ranges.isEmpty() && ranges.getLast()[1] + 1 == partition) {
                ranges.getLast()[1] = partition;
              } else {
                ranges.add(new int[] {partition, partition});
              }
            });
    return ranges.isEmpty()
        ? "none"
        : ranges.stream()
            .map(range -> range[0] == range[1] ? "" + range[0] : range[0] + "-" + range[1])
            .collect(Collectors.joining(","));
  }
}
