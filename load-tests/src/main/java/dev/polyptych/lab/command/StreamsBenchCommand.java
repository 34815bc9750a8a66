package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Home;
import dev.polyptych.cli.embedded.EmbeddedDispatcher;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.Findings;
import dev.polyptych.lab.bench.streams.StreamBench;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.ConfigException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych bench streams}. */
@Command(
    name = "streams",
    mixinStandardHelpOptions = true,
    description =
        "Measures what many readers of events cost one dispatcher: memory, delay, subscriptions.")
public final class StreamsBenchCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = "--idle",
      paramLabel = "N",
      description = "Streams of jobs that wait (default: ${DEFAULT-VALUE}).")
  private int idle = 5_000;

  @Option(
      names = "--active",
      paramLabel = "N",
      description = "Streams of jobs that tell a step twice a second (default: ${DEFAULT-VALUE}).")
  private int active = 200;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long the active jobs go on (default: ${DEFAULT-VALUE}).")
  private int seconds = 20;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (idle < 1 || active < 1 || seconds < 1) {
      throw new ConfigException(List.of("--idle, --active, --seconds: must be at least 1"));
    }
    PrintWriter diagnostics = spec.commandLine().getErr();
    String catalog = Home.builtInCatalog();
    try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.temporary(catalog)) {
      var target =
          new StreamBench.Target(
              dispatcher.address(), dispatcher.config().redis(), CatalogFile.builtIn(catalog));
      var plan = new StreamBench.Plan(idle, active, Duration.ofSeconds(seconds));
      Findings findings = new StreamBench(target, plan, diagnostics::println).run();
      BenchReport report = Findings.report("streams", findings);
      PrintWriter screen = spec.commandLine().getOut();
      screen.print(json ? report.json() + System.lineSeparator() : report.text());
      screen.flush();
    }
    return 0;
  }
}
