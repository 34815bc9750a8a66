package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Interruption;
import dev.polyptych.nano.score.TrainScorer;
import dev.polyptych.schema.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych train-scorer}. */
@Command(
    name = "train-scorer",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains the scorer with which polyptych evaluate reads panels.",
      "Ctrl-C stops it at any time. It keeps a checkpoint, and the same command resumes from it."
    })
public final class TrainScorerCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "Model folder with a trained autoencoder. Half of the panels go through it, like"
              + " generated panels (default: none).")
  private Optional<Path> model = Optional.empty();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "File of the scorer, for example models/nano/scorer/scorer.safetensors.")
  private Path out;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Folder for checkpoint and journal (default: ${DEFAULT-VALUE}).")
  private Path work = Path.of(".polyptych", "scorer");

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Number of steps (default: ${DEFAULT-VALUE}).")
  private int steps = TrainScorer.Settings.STEPS;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Panels per step (default: ${DEFAULT-VALUE}).")
  private int batch = TrainScorer.Settings.PANELS;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of weights, panels and augmentation (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "CPU threads per operation (default: all processors).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    check();
    TrainScorer.Settings settings = new TrainScorer.Settings(model, seed, steps, batch, threads);
    try (Interruption interruption = new Interruption(spec.commandLine().getErr())) {
      int done = TrainScorer.run(settings, out, work, interruption::asked);
      boolean whole = done >= steps;
      spec.commandLine()
          .getOut()
          .println(
              whole
                  ? out + " is written; try it with: polyptych evaluate --scorer " + out
                  : "stopped after step %d of %d; the same command resumes".formatted(done, steps));
      return whole ? 0 : 1;
    }
  }

  private void check() {
    List<String> problems = new ArrayList<>();
    if (steps < 1) {
      problems.add("--steps: must be 1 or more, was " + steps);
    }
    if (batch < 2) {
      problems.add("--batch: must be 2 or more, was " + batch);
    }
    if (threads < 1) {
      problems.add("--threads: must be 1 or more, was " + threads);
    }
    if (!out.toString().endsWith(".safetensors")) {
      problems.add("--out: must end in .safetensors, was " + out);
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }
}
