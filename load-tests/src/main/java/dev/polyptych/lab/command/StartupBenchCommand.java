package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Home;
import dev.polyptych.cli.embedded.EmbeddedDispatcher;
import dev.polyptych.cli.embedded.TemporaryFolder;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.startup.StartupBench;
import dev.polyptych.lab.bench.startup.StartupBench.StartupSetup;
import dev.polyptych.lab.process.ChildJava;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.ConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych bench startup}. */
@Command(
    name = "startup",
    mixinStandardHelpOptions = true,
    description =
        "Starts a cluster (up) and a worker repeatedly, without and with the start cache in turns."
            + " Measures the time until they are ready and until the first step, part by part.")
public final class StartupBenchCommand implements Callable<Integer> {
  @Mixin private ReportOptions report = new ReportOptions();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Starts of each kind; the median counts (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Override
  public Integer call() throws Exception {
    if (rounds < 1) {
      throw new ConfigException(List.of("--rounds: must be at least 1"));
    }
    String catalog = Home.builtInCatalog();
    TemporaryFolder folder = TemporaryFolder.create();
    report.progress("logs are in " + folder.path() + "; they stay if this fails");
    try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.temporary(catalog)) {
      var setup =
          new StartupSetup(
              folder.path(),
              arms(),
              CatalogFile.builtIn(catalog).tasks().getFirst(),
              new StartupSetup.Running(
                  dispatcher.address(),
                  dispatcher.config().bootstrapServers(),
                  dispatcher.config().redis().toString()));
      report.print(
          BenchReport.of("startup", new StartupBench(setup, rounds, report::progress).run()));
    }
    folder.close();
    return 0;
  }

  private Map<String, List<String>> arms() {
    Map<String, List<String>> arms = new LinkedHashMap<>();
    arms.put("plain", ChildJava.alike(false));
    if (ChildJava.startCache()) {
      arms.put("cached", ChildJava.alike(true));
    } else {
      report.progress(
          "there is no start cache, so only one arm runs; make one with ./polyptych rehearse");
    }
    return arms;
  }
}
