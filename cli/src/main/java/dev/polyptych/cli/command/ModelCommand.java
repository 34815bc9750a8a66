package dev.polyptych.cli.command;

import dev.polyptych.engine.graph.WeightType;
import dev.polyptych.engine.plan.MemoryDemand.Room;
import dev.polyptych.weights.model.Float8Layers;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.ModelInspection;
import dev.polyptych.weights.model.ModelInspection.Found;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code polyptych model}. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = "Looks at model files.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ModelCommand.Inspect.class)
public final class ModelCommand {
  /** {@code polyptych model inspect}. */
  @Command(
      name = "inspect",
      mixinStandardHelpOptions = true,
      description = {
        "Tells what a model's files hold, what it takes of a card's memory, and what is wrong.",
        "Reads headers only. Exit status 1 if the model can't be loaded."
      })
  static final class Inspect implements Callable<Integer> {
    private static final double GIGA = 1e9;
    private static final int HALF = 2;
    private static final int FULL = 4;
    private static final int SHEET = 1024;

    @Parameters(
        paramLabel = "PATH",
        description =
            "A folder in diffusers layout, a safetensors file, or a model file (YAML) that names"
                + " the parts.")
    private Path path = Path.of("");

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      ModelInspection inspection = ModelInspection.of(path);
      PrintWriter out = spec.commandLine().getOut();
      inspection.model().ifPresent(model -> out.println("family: " + model.family()));
      inspection.found().forEach(found -> print(out, found));
      inspection.model().ifPresent(model -> printRest(out, inspection, model));
      inspection.problems().forEach(problem -> out.println("wrong: " + problem));
      out.flush();
      return inspection.problems().isEmpty() ? 0 : 1;
    }

    private static void print(PrintWriter out, Found found) {
      String types =
          found.bytes().entrySet().stream()
              .map(type -> "%s %d bytes".formatted(type.getKey(), type.getValue()))
              .collect(Collectors.joining(", "));
      out.println(
          "%s: %s%n  %s%s"
              .formatted(
                  found.network().folder(),
                  found.place(),
                  found.naming(),
                  types.isEmpty() ? "" : "; " + types));
    }

    private static void printRest(PrintWriter out, ModelInspection inspection, ModelFolder model) {
      out.println(
          "tokenizers: "
              + inspection.tokenizers().map(Path::toString).orElse("those that Polyptych brings"));
      out.println(
          "weights in memory: %.1f GB in bfloat16, %.1f GB in float32"
              .formatted(bytes(model, HALF) / GIGA, bytes(model, FULL) / GIGA));
      if (inspection.problems().isEmpty()) {
        out.println("cards that hold them, with adapters and a sheet of 1024x1024:");
        Room room = new Room(SHEET, SHEET, CardPlans.ADAPTERS, 0);
        new CardPlans(model, Float8Layers.stored(model), WeightType.AUTO, room)
            .lines()
            .forEach(line -> out.println("  " + line));
      }
    }

    private static long bytes(ModelFolder model, int width) {
      return model.parts().stream().mapToLong(part -> part.bytes(width)).sum();
    }
  }
}
