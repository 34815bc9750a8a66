package dev.polyptych.lab.command;

import dev.polyptych.lab.autoscale.AutoscaleBench;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.schema.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych bench autoscale}. */
@Command(
    name = "autoscale",
    mixinStandardHelpOptions = true,
    description = "Simulates how the fleet on Kubernetes follows the work, beside other signals.")
public final class AutoscaleBenchCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = "--scaling",
      paramLabel = "FILE",
      description = "A KEDA ScaledObject to try (default: that of k8s/base).")
  private Optional<Path> scaling = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Leave the figures, a table and plots there.")
  private Path out;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter diagnostics = spec.commandLine().getErr();
    AutoscaleBench bench = simulated(diagnostics);
    if (out != null) {
      bench.write(out);
    }
    BenchReport report = bench.report();
    PrintWriter screen = spec.commandLine().getOut();
    screen.print(json ? report.json() + System.lineSeparator() : report.text());
    screen.flush();
    return 0;
  }

  private AutoscaleBench simulated(PrintWriter diagnostics) throws IOException {
    if (scaling.isPresent() && !Files.isReadable(scaling.get())) {
      throw new ConfigException(List.of("--scaling: can't read " + scaling.get()));
    }
    try {
      return AutoscaleBench.run(scaling, diagnostics::println);
    } catch (IllegalArgumentException unknown) {
      throw new ConfigException(List.of("--scaling: " + unknown.getMessage()));
    }
  }
}
