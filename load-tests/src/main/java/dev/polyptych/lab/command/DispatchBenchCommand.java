package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Home;
import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.cli.embedded.EmbeddedDispatcher;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.Findings;
import dev.polyptych.lab.bench.dispatch.AcceptBench;
import dev.polyptych.lab.bench.dispatch.OverheadBench;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.config.ConfigException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych bench dispatch}. */
@Command(
    name = "dispatch",
    mixinStandardHelpOptions = true,
    description =
        "Measures how many jobs a dispatcher accepts, beside Kafka's producer alone, and what a job"
            + " takes besides being drawn.")
public final class DispatchBenchCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long an arm runs in its turn (default: ${DEFAULT-VALUE}).")
  private int seconds = 3;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Turns of each arm; the median counts (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (seconds < 1 || rounds < 1) {
      throw new ConfigException(List.of("--seconds, --rounds: must be at least 1"));
    }
    PrintWriter diagnostics = spec.commandLine().getErr();
    BenchReport report = report(diagnostics::println);
    PrintWriter screen = spec.commandLine().getOut();
    screen.print(json ? report.json() + System.lineSeparator() : report.text());
    screen.flush();
    return 0;
  }

  private BenchReport report(Consumer<String> progress) throws Exception {
    Home.Model model = Home.builtInModel();
    Task task = CatalogFile.builtIn(model.catalog()).tasks().getFirst();
    Findings accepting;
    try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.temporary(model.catalog())) {
      var target =
          new AcceptBench.Target(
              dispatcher.address(),
              dispatcher.config().bootstrapServers(),
              dispatcher.config().partitions(),
              task);
      var plan = new AcceptBench.Plan(Duration.ofSeconds(seconds), rounds);
      accepting = new AcceptBench(target, plan, progress).run();
    }
    try (EmbeddedCluster cluster = EmbeddedCluster.temporary(model.folder(), model.catalog())) {
      var target = new OverheadBench.Target(cluster.dispatcher(), cluster.workerMetrics(), task);
      Duration time = Duration.ofSeconds((long) seconds * rounds);
      return Findings.report("dispatch", accepting, OverheadBench.run(target, time, progress));
    }
  }
}
