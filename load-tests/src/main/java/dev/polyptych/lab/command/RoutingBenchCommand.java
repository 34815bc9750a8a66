package dev.polyptych.lab.command;

import dev.polyptych.lab.simulator.RoutingBench;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych bench routing}. */
@Command(
    name = "routing",
    mixinStandardHelpOptions = true,
    description =
        "Simulates fleets under load and compares our routing and schedule with other systems.")
public final class RoutingBenchCommand implements Callable<Integer> {
  @Mixin private ReportOptions report = new ReportOptions();

  @Option(names = "--full", description = "Include fleets of 1,000 workers; takes minutes.")
  private boolean full;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for figures, a table and plots.")
  private Path out;

  @Override
  public Integer call() throws Exception {
    RoutingBench bench = RoutingBench.run(full, report::progress);
    if (out != null) {
      bench.write(out);
    }
    report.print(bench.report());
    return 0;
  }
}
