package dev.polyptych.lab.command;

import dev.polyptych.cli.embedded.TemporaryFolder;
import dev.polyptych.lab.bench.SwapBench;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych bench swap}. */
@Command(
    name = "swap",
    mixinStandardHelpOptions = true,
    description =
        "Measures the cost of adapters: swaps from each tier, steps with and without an adapter.")
public final class SwapBenchCommand implements Callable<Integer> {
  @Mixin private ReportOptions report = new ReportOptions();

  @Option(names = "--full", description = "Use sheets up to 9,216 tokens; takes minutes on a CPU.")
  private boolean full;

  @Override
  public Integer call() throws Exception {
    Consumer<String> progress = report::progress;
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      SwapBench bench =
          full ? SwapBench.full(folder.path(), progress) : SwapBench.quick(folder.path(), progress);
      report.print(bench.run());
    }
    return 0;
  }
}
