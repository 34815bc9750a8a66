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
    description = "Simulates fleets under load: our routing and schedule beside what peers do.")
public final class RoutingBenchCommand implements Callable<Integer> {
  @Mixin private ReportOptions report = new ReportOptions();

  @Option(names = "--full", description = "Fleets of 1,000 workers, too; takes minutes.")
  private boolean full;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Leave the figures, a table and plots there.")
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
