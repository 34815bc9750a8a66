package dev.polyptych.lab.command;

import dev.polyptych.cli.command.MachineOptions;
import dev.polyptych.engine.plan.TextPlace;
import dev.polyptych.lab.bench.memory.MemoryBench;
import dev.polyptych.lab.bench.memory.MemoryBench.Sheet;
import dev.polyptych.schema.config.ConfigException;
import dev.polyptych.weights.model.ModelFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych bench memory}. */
@Command(
    name = "memory",
    mixinStandardHelpOptions = true,
    description =
        "Draws one sheet with a model of any size and measures the memory and the seconds of each"
            + " part. The weights are random and made while they are loaded.")
public final class MemoryBenchCommand implements Callable<Integer> {
  private static final String FLUX_DEV = "flux.1-dev";
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");

  @Mixin private ReportOptions report = new ReportOptions();

  @Option(
      names = "--geometry",
      paramLabel = "flux.1-dev|FOLDER",
      description = "Sizes of the model: FLUX.1-dev's, or a folder's (default: ${DEFAULT-VALUE}).")
  private String geometry = FLUX_DEV;

  @Option(
      names = "--sheet",
      paramLabel = "WIDTHxHEIGHT",
      description = "Size of the sheet in pixels (default: ${DEFAULT-VALUE}).")
  private String size = "512x512";

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of the job (default: ${DEFAULT-VALUE}).")
  private int steps = 2;

  @Option(
      names = "--text",
      paramLabel = "resident|moved|cpu|released",
      description = "Where the text encoders are (default: as planned).")
  private Optional<TextPlace> text = Optional.empty();

  @Mixin private MachineOptions machine = new MachineOptions();

  @Override
  public Integer call() {
    machine.checked();
    Matcher sides = SIZE.matcher(size);
    if (!sides.matches() || steps < 1) {
      throw new ConfigException(List.of("--sheet: WIDTHxHEIGHT in pixels; --steps: at least 1"));
    }
    ModelFolder model =
        geometry.equals(FLUX_DEV) ? ModelFolder.fluxDev() : ModelFolder.open(Path.of(geometry));
    Sheet sheet =
        new Sheet(Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)), steps);
    report.print(new MemoryBench(model, machine.options(), sheet, text, report::progress).run());
    return 0;
  }
}
