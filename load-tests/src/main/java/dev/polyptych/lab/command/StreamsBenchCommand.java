package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Home;
import dev.polyptych.cli.embedded.EmbeddedDispatcher;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.BenchReport.Findings;
import dev.polyptych.lab.bench.streams.StreamBench;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych bench streams}. */
@Command(
    name = "streams",
    mixinStandardHelpOptions = true,
    description =
        "Measures the cost of many event streams for one dispatcher: memory, delay, subscriptions.")
public final class StreamsBenchCommand implements Callable<Integer> {
  @Mixin private ReportOptions report = new ReportOptions();

  @Option(
      names = "--idle",
      paramLabel = "N",
      description = "Streams of jobs that wait (default: ${DEFAULT-VALUE}).")
  private int idle = 5_000;

  @Option(
      names = "--active",
      paramLabel = "N",
      description =
          "Streams of jobs that report a step twice a second (default: ${DEFAULT-VALUE}).")
  private int active = 200;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Duration of the active jobs (default: ${DEFAULT-VALUE}).")
  private int seconds = 20;

  @Override
  public Integer call() throws Exception {
    if (idle < 1 || active < 1 || seconds < 1) {
      throw new ConfigException(List.of("--idle, --active, --seconds: must be at least 1"));
    }
    String catalog = Home.builtInCatalog();
    try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.temporary(catalog)) {
      var target =
          new StreamBench.Target(
              dispatcher.address(), dispatcher.config().redis(), CatalogFile.builtIn(catalog));
      var plan = new StreamBench.Plan(idle, active, Duration.ofSeconds(seconds));
      Findings findings = new StreamBench(target, plan, report::progress).run();
      report.print(BenchReport.of("streams", findings));
    }
    return 0;
  }
}
