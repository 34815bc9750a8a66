package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Home;
import dev.polyptych.cli.embedded.EmbeddedDispatcher;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.uploads.HostilePictures;
import dev.polyptych.lab.bench.uploads.UploadBench;
import dev.polyptych.schema.config.ConfigException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych bench uploads}. */
@Command(
    name = "uploads",
    mixinStandardHelpOptions = true,
    description =
        "Uploads hostile pictures to a dispatcher. Measures the most processor time and memory that"
            + " one of them costs.")
public final class UploadBenchCommand implements Callable<Integer> {
  @Mixin private ReportOptions report = new ReportOptions();

  @Option(
      names = "--pictures",
      paramLabel = "N",
      description = "Number of uploads (default: ${DEFAULT-VALUE}).")
  private int pictures = 1_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The same seed makes the same pictures (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Override
  public Integer call() throws Exception {
    if (pictures < 1) {
      throw new ConfigException(List.of("--pictures: must be at least 1"));
    }
    try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.temporary(Home.builtInCatalog())) {
      UploadBench bench =
          new UploadBench(
              dispatcher.address(), new HostilePictures(seed), pictures, report::progress);
      BenchReport outcome = BenchReport.of("uploads", bench.run());
      report.print(outcome, bench.table() + outcome.text());
    }
    return 0;
  }
}
