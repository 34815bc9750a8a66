package dev.polyptych.lab.command;

import dev.polyptych.lab.autoscale.AutoscaleBench;
import dev.polyptych.schema.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych bench autoscale}. */
@Command(
    name = "autoscale",
    mixinStandardHelpOptions = true,
    description =
        "Simulates how the fleet on Kubernetes follows the work, and compares scaling signals.")
public final class AutoscaleBenchCommand implements Callable<Integer> {
  @Mixin private ReportOptions report = new ReportOptions();

  @Option(
      names = "--scaling",
      paramLabel = "FILE",
      description = "A KEDA ScaledObject to try (default: the one in k8s/base).")
  private Optional<Path> scaling = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for figures, a table and plots.")
  private Path out;

  @Override
  public Integer call() throws Exception {
    AutoscaleBench bench = simulated();
    if (out != null) {
      bench.write(out);
    }
    report.print(bench.report());
    return 0;
  }

  private AutoscaleBench simulated() throws IOException {
    if (scaling.isPresent() && !Files.isReadable(scaling.get())) {
      throw new ConfigException(List.of("--scaling: can't read " + scaling.get()));
    }
    try {
      return AutoscaleBench.run(scaling, report::progress);
    } catch (IllegalArgumentException unknown) {
      throw new ConfigException(List.of("--scaling: " + unknown.getMessage()));
    }
  }
}
