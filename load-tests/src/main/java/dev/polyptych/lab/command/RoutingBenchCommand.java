package dev.polyptych.lab.command;

import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.simulator.RoutingBench;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych bench routing}. */
@Command(
    name = "routing",
    mixinStandardHelpOptions = true,
    description = "Simulates fleets under load: our routing and schedule beside what peers do.")
public final class RoutingBenchCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(names = "--full", description = "Fleets of 1,000 workers, too; takes minutes.")
  private boolean full;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Leave the figures, a table and plots there.")
  private Path out;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter diagnostics = spec.commandLine().getErr();
    RoutingBench bench = RoutingBench.run(full, diagnostics::println);
    if (out != null) {
      bench.write(out);
    }
    BenchReport report = bench.report();
    PrintWriter screen = spec.commandLine().getOut();
    screen.print(json ? report.json() + System.lineSeparator() : report.text());
    screen.flush();
    return 0;
  }
}
