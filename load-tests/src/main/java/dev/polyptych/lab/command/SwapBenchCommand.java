package dev.polyptych.lab.command;

import dev.polyptych.cli.embedded.TemporaryFolder;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.SwapBench;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych bench swap}. */
@Command(
    name = "swap",
    mixinStandardHelpOptions = true,
    description = "Measures what adapters cost: swaps from each tier, steps with and without.")
public final class SwapBenchCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(names = "--full", description = "Sheets up to 9,216 tokens; minutes on a CPU.")
  private boolean full;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter diagnostics = spec.commandLine().getErr();
    Consumer<String> progress = diagnostics::println;
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      SwapBench bench =
          full ? SwapBench.full(folder.path(), progress) : SwapBench.quick(folder.path(), progress);
      BenchReport report = bench.run();
      PrintWriter screen = spec.commandLine().getOut();
      screen.print(json ? report.json() + System.lineSeparator() : report.text());
      screen.flush();
    }
    return 0;
  }
}
