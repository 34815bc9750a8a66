package dev.polyptych.cli.command;

import dev.polyptych.engine.denoise.DeviceChoice;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.WeightType;
import dev.polyptych.schema.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Device, number type and threads to compute with. */
public final class MachineOptions {
  @Option(
      names = "--device",
      paramLabel = "auto|cpu|gpu",
      description = "Where to compute (default: the GPU if there is one).")
  private DeviceChoice device = DeviceChoice.AUTO;

  @Option(
      names = "--compute-type",
      paramLabel = "float32|bfloat16",
      description = "Type to compute in (default: what the device multiplies natively).")
  private Optional<ComputeType> computeType = Optional.empty();

  @Option(
      names = "--weight-type",
      paramLabel = "auto|float32|bfloat16|float8",
      description =
          "How the weights of transformer and T5 lie in memory (default: auto, float8 where wider"
              + " ones do not fit).")
  private WeightType weightType = WeightType.AUTO;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of one operation on the CPU (default: all processors but one).")
  private int threads;

  public EngineOptions options() {
    return new EngineOptions(device, computeType, threads).with(weightType);
  }

  /** Fails with all problems of these options. */
  public void checked() {
    checked(this::check);
  }

  /** As {@link #checked}, for training. */
  public void checkedTraining() {
    checked(this::checkTraining);
  }

  private static void checked(Consumer<List<String>> check) {
    List<String> problems = new ArrayList<>();
    check.accept(problems);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  /** As {@link #check}, for training: it needs the weights' own values. */
  public void checkTraining(List<String> problems) {
    check(problems);
    if (weightType == WeightType.FLOAT8) {
      problems.add("--weight-type: training needs wide weights; leave out float8");
    }
  }

  public void check(List<String> problems) {
    if (threads < 0) {
      problems.add("--threads: must not be negative, was " + threads);
    }
    weightType
        .computeType()
        .filter(wanted -> computeType.filter(other -> other != wanted).isPresent())
        .ifPresent(
            wanted ->
                problems.add(
                    "--weight-type %s computes in %s: leave out --compute-type"
                        .formatted(weightType.text(), wanted.text())));
  }
}
