package dev.polyptych.cli.command;

import dev.polyptych.training.tune.TrainingSets;
import dev.polyptych.training.tune.Tuning;
import dev.polyptych.training.tune.TuningJob;
import dev.polyptych.training.tune.TuningOptions;
import java.util.List;
import picocli.CommandLine.Option;

/** How an adapter is trained and measured. Defaults are those of the In-Context LoRA authors. */
final class TrainingOptions {
  @Option(
      names = "--rank",
      paramLabel = "N",
      description =
          "Rank of the matrices. A higher rank learns finer details and makes a larger file (default:"
              + " ${DEFAULT-VALUE}, as the published adapters; adapters of one rank swap fastest).")
  private int rank = 16;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description =
          "Number of optimiser steps (default: ${DEFAULT-VALUE}). Use fewer if the validation loss"
              + " rises.")
  private int steps = 5000;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Sets per step (default: ${DEFAULT-VALUE}). Fewer need less memory and make the loss"
              + " noisier.")
  private int batch = 4;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description =
          "Highest learning rate (default: ${DEFAULT-VALUE}). Lower it if the loss jumps or is NaN.")
  private double learningRate = 1e-4;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Seed of noise, order and held-out sets (default: ${DEFAULT-VALUE}). Same seed, same"
              + " adapter.")
  private long seed;

  @Option(
      names = "--caption-dropout",
      paramLabel = "0..1",
      description =
          "Share of the sets shown without a caption, so that the adapter also learns the look itself"
              + " (default: ${DEFAULT-VALUE}).")
  private double captionDropout = 0.05;

  @Option(
      names = "--clean-panels",
      paramLabel = "0..1",
      description =
          "Share of the sets on which some panels are given without noise, so that the adapter learns"
              + " to draw around references (default: ${DEFAULT-VALUE}). Such an adapter suits jobs"
              + " with reference: clean.")
  private double cleanPanels;

  @Option(
      names = "--timestep-shift",
      paramLabel = "X",
      split = ",",
      description =
          "Noise levels to learn at. Above 1, more of the noisy ones, which decide colours (default:"
              + " ${DEFAULT-VALUE}). Raise it if the panels' colours differ. Several, for example 1,4,"
              + " take turns.")
  private List<Double> timestepShifts = List.of(1.0);

  @Option(
      names = "--ema",
      paramLabel = "0..1",
      description =
          "Decay of the moving average of the weights, which becomes the adapter. It smooths out single"
              + " steps (default: ${DEFAULT-VALUE}; 0: off).")
  private double ema = 0.99;

  @Option(
      names = "--validation",
      paramLabel = "0..1",
      description =
          "Share of the sets that are only measured, not learnt (default: ${DEFAULT-VALUE}). If their"
              + " loss rises while the other falls, the adapter overfits.")
  private double validation = 0.1;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      description = "Steps between checkpoints (default: ${DEFAULT-VALUE}).")
  private int checkpointEvery = 250;

  TuningOptions options() {
    return new TuningOptions(
        rank, steps, batch, learningRate, seed, timestepShifts, captionDropout, cleanPanels, ema);
  }

  TrainingSets.Split split(TrainingSets sets) {
    return sets.split(validation, seed);
  }

  Tuning.Plan plan(TuningJob job) {
    return new Tuning.Plan(steps, checkpointEvery, !job.sets().validation().isEmpty());
  }

  /** Adds all problems, by the option's name. */
  void check(List<String> problems) {
    check(problems, rank >= 1 && rank <= 256, "--rank: must be 1 to 256, not " + rank);
    check(problems, steps >= 1, "--steps: must be at least 1, not " + steps);
    check(problems, batch >= 1 && batch <= 64, "--batch: must be 1 to 64, not " + batch);
    check(
        problems,
        learningRate > 0 && learningRate <= 1,
        "--learning-rate: must be above 0 and at most 1, not " + learningRate);
    check(
        problems,
        checkpointEvery >= 1,
        "--checkpoint-every: must be at least 1, not " + checkpointEvery);
    check(
        problems,
        timestepShifts.stream().allMatch(shift -> shift >= 0.1 && shift <= 20),
        "--timestep-shift: each must be 0.1 to 20, not " + timestepShifts);
    checkShares(problems);
  }

  private void checkShares(List<String> problems) {
    check(
        problems,
        captionDropout >= 0 && captionDropout <= 1,
        "--caption-dropout: must be 0 to 1, not " + captionDropout);
    check(
        problems,
        cleanPanels >= 0 && cleanPanels <= 1,
        "--clean-panels: must be 0 to 1, not " + cleanPanels);
    check(problems, ema >= 0 && ema < 1, "--ema: must be at least 0 and below 1, not " + ema);
    check(
        problems,
        validation >= 0 && validation < 1,
        "--validation: must be at least 0 and below 1, not " + validation);
  }

  private static void check(List<String> problems, boolean right, String problem) {
    if (!right) {
      problems.add(problem);
    }
  }
}
