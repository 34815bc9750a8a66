package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Home;
import dev.polyptych.cli.command.MachineOptions;
import dev.polyptych.cli.command.StepCacheOption;
import dev.polyptych.engine.denoise.StepCache;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.stepcache.StepCacheBench;
import dev.polyptych.lab.bench.stepcache.StepCachePlan;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.ConfigException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych bench step-cache}. */
@Command(
    name = "step-cache",
    mixinStandardHelpOptions = true,
    description =
        "Measures what step caches gain in seconds and how far their pictures are from those drawn"
            + " in full (PSNR), beside fewer steps.")
public final class StepCacheBenchCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = "--step-cache",
      paramLabel = "METHOD:THRESHOLD",
      split = ",",
      description = "Caches to try, with commas between (default: ${DEFAULT-VALUE}).")
  private List<String> caches =
      List.of(
          "first-block:0.05",
          "first-block:0.1",
          "first-block:0.2",
          "teacache:0.25",
          "teacache:0.4",
          "teacache:0.6",
          "teacache:0.8");

  @Option(
      names = "--fewer-steps",
      paramLabel = "N",
      split = ",",
      description =
          "Draw with so many steps and no cache, too: the simplest way to save (default:"
              + " ${DEFAULT-VALUE}).")
  private List<Integer> fewer = List.of(12, 8);

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Sheets of each task (default: ${DEFAULT-VALUE}).")
  private int seeds = 4;

  @Option(names = "--steps", paramLabel = "N", description = "Of a job (default: the task's own).")
  private Optional<Integer> steps = Optional.empty();

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model folder in diffusers layout (default: the built-in model).")
  private Optional<Path> model = Optional.empty();

  @Option(
      names = "--catalog",
      paramLabel = "NAME|FILE",
      description = "Catalog of the model's tasks (default: the built-in model's).")
  private Optional<String> catalog = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "PNG",
      description =
          "Leave the first sheets of each task there, a row a task: in full, then with each cache,"
              + " then in fewer steps.")
  private Optional<Path> out = Optional.empty();

  @Mixin private MachineOptions machine = new MachineOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    machine.checked();
    if (seeds < 1
        || steps.filter(number -> number < 1).isPresent()
        || fewer.stream().anyMatch(number -> number < 1)) {
      throw new ConfigException(List.of("--seeds, --steps, --fewer-steps: at least 1"));
    }
    StepCacheBench bench =
        new StepCacheBench(plan(), machine.options(), spec.commandLine().getErr()::println);
    BenchReport report = bench.run();
    if (out.isPresent()) {
      bench.gallery().write(out.get());
    }
    PrintWriter screen = spec.commandLine().getOut();
    screen.print(json ? report.json() + System.lineSeparator() : report.text());
    screen.flush();
    return 0;
  }

  private StepCachePlan plan() {
    // Before the model is looked for: what is wrong is told at once.
    List<StepCache> tried =
        caches.stream().flatMap(text -> StepCacheOption.read(text).stream()).toList();
    return new StepCachePlan(
        model.orElseGet(() -> Home.builtInModel().folder()), tasks(), tried, fewer, seeds, steps);
  }

  private Catalog tasks() {
    String name = catalog.orElse(Home.builtInCatalog());
    Path file = Path.of(name);
    return Files.isRegularFile(file) ? CatalogFile.read(file) : CatalogFile.builtIn(name);
  }
}
