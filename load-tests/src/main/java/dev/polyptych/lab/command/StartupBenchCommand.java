package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Home;
import dev.polyptych.cli.embedded.EmbeddedDispatcher;
import dev.polyptych.cli.embedded.TemporaryFolder;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.Findings;
import dev.polyptych.lab.bench.startup.StartupBench;
import dev.polyptych.lab.bench.startup.StartupSetup;
import dev.polyptych.lab.process.ChildJava;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.ConfigException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych bench startup}. */
@Command(
    name = "startup",
    mixinStandardHelpOptions = true,
    description =
        "Starts a cluster (up) and a worker time and again, without and with the start cache in"
            + " turns, and tells how long they take until they are ready and until the first step,"
            + " part by part.")
public final class StartupBenchCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Starts of each kind whose median counts (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (rounds < 1) {
      throw new ConfigException(List.of("--rounds: must be at least 1"));
    }
    PrintWriter diagnostics = spec.commandLine().getErr();
    String catalog = Home.builtInCatalog();
    TemporaryFolder folder = TemporaryFolder.create();
    diagnostics.println("logs are in " + folder.path() + ", and stay if this fails");
    try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.temporary(catalog)) {
      var setup =
          new StartupSetup(
              folder.path(),
              arms(diagnostics),
              CatalogFile.builtIn(catalog).tasks().getFirst(),
              new StartupSetup.Running(
                  dispatcher.address(),
                  dispatcher.config().bootstrapServers(),
                  dispatcher.config().redis().toString()));
      print(
          Findings.report("startup", new StartupBench(setup, rounds, diagnostics::println).run()));
    }
    folder.close();
    return 0;
  }

  private Map<String, List<String>> arms(PrintWriter diagnostics) {
    String main = spec.root().userObject().getClass().getName();
    Map<String, List<String>> arms = new LinkedHashMap<>();
    arms.put("plain", ChildJava.alike(false, main));
    if (ChildJava.startCache()) {
      arms.put("cached", ChildJava.alike(true, main));
    } else {
      diagnostics.println("no start cache, so one arm only: make it with ./polyptych rehearse");
    }
    return arms;
  }

  private void print(BenchReport report) {
    PrintWriter screen = spec.commandLine().getOut();
    screen.print(json ? report.json() + System.lineSeparator() : report.text());
    screen.flush();
  }
}
