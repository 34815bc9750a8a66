package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Interruption;
import dev.polyptych.cli.command.MachineOptions;
import dev.polyptych.nano.train.TrainBase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains the built-in model from scratch. */
@Command(
    name = "train-base",
    description = {
      "Trains the built-in model nano on its drawn world: autoencoder, then transformer and text"
          + " encoders.",
      "Takes hours on a CPU. Ctrl-C writes a checkpoint; the same command resumes from it."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class TrainBaseCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description =
          "Sizes, seeds, steps and rates. The shipped model was trained with"
              + " models/nano/training.yaml.")
  private Path config;

  @Option(
      names = "--model",
      paramLabel = "FOLDER",
      required = true,
      description = "Folder of the new model.")
  private Path model;

  @Option(
      names = "--work",
      paramLabel = "FOLDER",
      required = true,
      description = "Folder for checkpoints (about 200 MB), journals and loss curves.")
  private Path work;

  @Mixin private MachineOptions machine = new MachineOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    machine.checkedTraining();
    try (Interruption interruption = new Interruption(spec.commandLine().getOut())) {
      TrainBase.Folders folders = new TrainBase.Folders(model, work);
      boolean done = TrainBase.run(config, folders, machine.options(), interruption::asked);
      spec.commandLine()
          .getOut()
          .println(
              done
                  ? "trained; draw with it: polyptych engine --model " + model
                  : "stopped; the same command resumes");
      return done ? 0 : 1;
    }
  }
}
