package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Home;
import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.cli.embedded.EmbeddedDispatcher;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.BenchReport.Findings;
import dev.polyptych.lab.bench.dispatch.AcceptBench;
import dev.polyptych.lab.bench.dispatch.OverheadBench;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.config.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych bench dispatch}. */
@Command(
    name = "dispatch",
    mixinStandardHelpOptions = true,
    description =
        "Measures how many jobs a dispatcher accepts, compared with a loop that makes the same durable"
            + " writes and with a bare Kafka producer, and the overhead of a job.")
public final class DispatchBenchCommand implements Callable<Integer> {
  @Mixin private ReportOptions report = new ReportOptions();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Duration of an arm's turn (default: ${DEFAULT-VALUE}).")
  private int seconds = 3;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Turns of each arm; the median counts (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(
      names = "--cold",
      description = "Begin without warming up. Its figures are those of a JVM that still compiles.")
  private boolean cold;

  @Override
  public Integer call() throws Exception {
    if (seconds < 1 || rounds < 1) {
      throw new ConfigException(List.of("--seconds, --rounds: must be at least 1"));
    }
    report.print(measured(report::progress));
    return 0;
  }

  private BenchReport measured(Consumer<String> progress) throws Exception {
    Home.Model model = Home.builtInModel();
    Catalog catalog = CatalogFile.builtIn(model.catalog());
    Task task = catalog.tasks().getFirst();
    Findings accepting;
    try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.temporary(model.catalog())) {
      var target =
          new AcceptBench.Target(
              dispatcher.address(),
              dispatcher.config().bootstrapServers(),
              dispatcher.config().partitions(),
              catalog,
              task);
      var plan = new AcceptBench.Plan(Duration.ofSeconds(seconds), rounds, !cold);
      accepting = new AcceptBench(target, plan, progress).run();
    }
    try (EmbeddedCluster cluster = EmbeddedCluster.temporary(model.folder(), model.catalog())) {
      var target = new OverheadBench.Target(cluster.dispatcher(), cluster.workerMetrics(), task);
      Duration time = Duration.ofSeconds((long) seconds * rounds);
      Findings overhead = OverheadBench.run(target, time, !cold, progress);
      return BenchReport.of("dispatch", accepting, overhead);
    }
  }
}
