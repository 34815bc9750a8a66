package dev.polyptych.lab.command;

import dev.polyptych.cli.command.MachineOptions;
import dev.polyptych.cli.command.ModelOptions;
import dev.polyptych.cli.command.StepCacheOption;
import dev.polyptych.engine.denoise.StepCache;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.stepcache.StepCacheBench;
import dev.polyptych.lab.bench.stepcache.StepCachePlan;
import dev.polyptych.schema.config.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych bench step-cache}. */
@Command(
    name = "step-cache",
    mixinStandardHelpOptions = true,
    description =
        "Measures the seconds that step caches save and how much their pictures differ from those"
            + " drawn in full (PSNR), compared with fewer steps.")
public final class StepCacheBenchCommand implements Callable<Integer> {
  @Mixin private ReportOptions report = new ReportOptions();

  @Option(
      names = "--step-cache",
      paramLabel = "METHOD:THRESHOLD",
      split = ",",
      description = "Caches to try, separated by commas (default: ${DEFAULT-VALUE}).")
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
          "Numbers of steps to try without a cache, for comparison (default: ${DEFAULT-VALUE}).")
  private List<Integer> fewer = List.of(12, 8);

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Sheets per task (default: ${DEFAULT-VALUE}).")
  private int seeds = 4;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of a job (default: the task's default).")
  private Optional<Integer> steps = Optional.empty();

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--out",
      paramLabel = "PNG",
      description =
          "Write the first sheets of each task to this file, one row per task: in full, then with"
              + " each cache, then with fewer steps.")
  private Optional<Path> out = Optional.empty();

  @Mixin private MachineOptions machine = new MachineOptions();

  @Override
  public Integer call() throws Exception {
    machine.checked();
    if (seeds < 1
        || steps.filter(number -> number < 1).isPresent()
        || fewer.stream().anyMatch(number -> number < 1)) {
      throw new ConfigException(List.of("--seeds, --steps, --fewer-steps: at least 1"));
    }
    StepCacheBench bench = new StepCacheBench(plan(), machine.options(), report::progress);
    BenchReport found = bench.run();
    if (out.isPresent()) {
      ImageIO.write(bench.picture(), "png", out.get().toFile());
    }
    report.print(found);
    return 0;
  }

  private StepCachePlan plan() {
    // Before the model is opened, so that a wrong option is reported immediately.
    List<StepCache> tried =
        caches.stream().flatMap(text -> StepCacheOption.read(text).stream()).toList();
    return new StepCachePlan(model.folder(), model.catalog(), tried, fewer, seeds, steps);
  }
}
