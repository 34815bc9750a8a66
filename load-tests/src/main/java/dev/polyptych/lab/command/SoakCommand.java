package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Home;
import dev.polyptych.lab.drill.DrillRun.DrillSetup;
import dev.polyptych.lab.drill.SoakDrill;
import dev.polyptych.lab.drill.SoakReport;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych drill soak}. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    description = {
      "Puts a mixed load on a cluster for a long time: renders, cancels, re-rolls, references,"
          + " previews, batches and mistakes. Measures memory, descriptors and threads of each"
          + " process, and what stays in Redis. Needs Linux.",
      "Exit status: 0 if all is flat that should be and no job was lost, 1 if not."
    })
final class SoakCommand implements Callable<Integer> {
  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "Length of the load (default: ${DEFAULT-VALUE}).")
  private int minutes = 30;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Worker processes (default: ${DEFAULT-VALUE}).")
  private int workers = 2;

  @Option(
      names = "--users",
      paramLabel = "N",
      description = "Users that do one thing after another (default: ${DEFAULT-VALUE}).")
  private int users = 4;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of each job (default: ${DEFAULT-VALUE}).")
  private int steps = 8;

  @Mixin private DrillFolder out = new DrillFolder();

  @Mixin private ReportOptions report = new ReportOptions();

  @Override
  public Integer call() throws Exception {
    if (minutes < 1 || workers < 1 || users < 1 || steps < 1 || steps > 100) {
      throw new ConfigException(
          List.of("--minutes, --workers, --users: must be at least 1; --steps: must be 1 to 100"));
    }
    Path folder = out.create(report);
    Home.Model model = Home.builtInModel();
    DrillSetup setup =
        new DrillSetup(
            folder,
            Duration.ofSeconds(15),
            model.catalog(),
            CatalogFile.builtIn(model.catalog()).tasks(),
            new DrillSetup.Size(workers, users, steps, Duration.ofSeconds(1)));
    SoakReport outcome = new SoakDrill(setup, Duration.ofMinutes(minutes), report::progress).run();
    report.print(outcome.bench(), outcome.text());
    return out.leave(folder, outcome.passed());
  }
}
