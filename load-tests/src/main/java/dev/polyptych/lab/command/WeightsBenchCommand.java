package dev.polyptych.lab.command;

import dev.polyptych.cli.command.ModelOptions;
import dev.polyptych.engine.denoise.DeviceChoice;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.lab.bench.weights.WeightsBench;
import dev.polyptych.lab.bench.weights.WeightsPlan;
import dev.polyptych.schema.config.ConfigException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych bench weights}. */
@Command(
    name = "weights",
    mixinStandardHelpOptions = true,
    description =
        "Draws the same sheets with weights in float32, bfloat16 and float8, and measures the"
            + " errors of latents and pictures, the seconds of a step and the bytes of the weights."
            + " Computes on the CPU.")
public final class WeightsBenchCommand implements Callable<Integer> {
  @Mixin private ReportOptions report = new ReportOptions();

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--full-width",
      paramLabel = "BLOCKS",
      description =
          "Draw instead with so many blocks of each kind (and layers of T5) of FLUX.1-dev's width,"
              + " with random weights: one step for each seed, 512 x 512 pixels.")
  private Optional<Integer> blocks = Optional.empty();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Sheets per task (default: ${DEFAULT-VALUE}).")
  private int seeds = 3;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of a job (default: the task's default).")
  private Optional<Integer> steps = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of one operation (default: all processors but one).")
  private int threads;

  @Override
  public Integer call() {
    if (seeds < 1
        || threads < 0
        || steps.filter(number -> number < 1).isPresent()
        || blocks.filter(number -> number < 1).isPresent()) {
      throw new ConfigException(
          List.of("--seeds, --steps, --full-width: at least 1; --threads: not negative"));
    }
    if (blocks.isPresent() && (steps.isPresent() || model.named().isPresent())) {
      throw new ConfigException(
          List.of("--full-width: has its own model and one step; leave out --model and --steps"));
    }
    WeightsPlan plan =
        blocks
            .map(number -> WeightsPlan.fullWidth(number, seeds))
            .orElseGet(() -> WeightsPlan.tasks(model.folder(), model.catalog(), seeds, steps));
    EngineOptions machine = new EngineOptions(DeviceChoice.CPU, Optional.empty(), threads);
    report.print(new WeightsBench(plan, machine, report::progress).run());
    return 0;
  }
}
