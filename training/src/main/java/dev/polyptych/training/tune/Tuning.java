package dev.polyptych.training.tune;

import dev.polyptych.training.LossCurve;
import dev.polyptych.training.LossHistory;
import dev.polyptych.training.LossHistory.Point;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/**
 * Runs a trainer to its last step: measures, keeps checkpoints and the loss curve, and writes the
 * adapter in the end. Belongs to the trainer's thread.
 */
public final class Tuning {
  private static final int SMOOTHING_SPAN = 100;

  private final AdapterTrainer trainer;
  private final TuningFiles files;
  private final Plan plan;
  private final Map<String, String> metadata;
  private final TuningListener listener;

  private LossHistory history = new LossHistory();
  private int savedStep;

  /**
   * @param metadata for the adapter's header
   */
  public Tuning(
      AdapterTrainer trainer,
      TuningFiles files,
      Plan plan,
      Map<String, String> metadata,
      TuningListener listener) {
    this.trainer = trainer;
    this.files = files;
    this.plan = plan;
    this.metadata = Map.copyOf(metadata);
    this.listener = listener;
  }

  /**
   * What to do when.
   *
   * @param steps in all
   * @param checkpointEvery steps between checkpoints
   * @param validating whether any sets are held out
   */
  public record Plan(int steps, int checkpointEvery, boolean validating) {}

  /**
   * Takes up the checkpoint of a run that was stopped, and its losses.
   *
   * @throws RuntimeException saying why the trainer can't go on from it
   */
  public void resume() {
    trainer.resume(files.checkpoint());
    savedStep = trainer.done();
    try {
      if (Files.exists(files.losses())) {
        history = LossHistory.parse(Files.readString(files.losses()), savedStep);
      }
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new TuningException(
          files.losses()
              + " can't be read ("
              + unreadable.getMessage()
              + "); without it the curve begins anew: move it away to go on",
          unreadable);
    }
  }

  /**
   * Trains until the last step, or until asked to stop, which takes up to one step.
   *
   * @throws TuningException if the loss is no number any more
   */
  public TuningResult run(BooleanSupplier stopping) {
    while (trainer.done() < plan.steps() && !stopping.getAsBoolean()) {
      step();
      if (trainer.done() % plan.checkpointEvery() == 0 || trainer.done() == plan.steps()) {
        validate();
        save();
      }
    }
    boolean finished = trainer.done() >= plan.steps();
    if (finished) {
      finish();
    } else if (trainer.done() > savedStep) {
      save();
    }
    return new TuningResult(
        finished,
        trainer.done(),
        last(history.smoothed(SMOOTHING_SPAN)),
        last(history.validations()));
  }

  private void step() {
    double loss = trainer.step();
    if (!Double.isFinite(loss)) {
      throw new TuningException(
          "the loss became "
              + loss
              + " at step "
              + trainer.done()
              + "; tune with a lower learning rate"
              + (savedStep > 0
                  ? " (" + files.checkpoint() + " is of step " + savedStep + ")"
                  : ""));
    }
    history.add(trainer.done(), loss);
    listener.stepped(trainer.done(), loss);
  }

  private void validate() {
    if (plan.validating()) {
      double loss = trainer.validationLoss();
      if (Double.isFinite(loss)) {
        history.addValidation(trainer.done(), loss);
      }
      listener.validated(trainer.done(), loss);
    }
  }

  private void save() {
    WholeFile.write(files.checkpoint(), trainer::save);
    savedStep = trainer.done();
    WholeFile.write(files.losses(), history.csv().getBytes(StandardCharsets.UTF_8));
    WholeFile.write(files.curve(), LossCurve.png(history));
    listener.saved(savedStep);
  }

  private void finish() {
    AdapterFile.write(files.adapter(), trainer.matrices(), metadata);
    try {
      // With the optimiser's state it is several times the adapter, and of no use any more.
      Files.deleteIfExists(files.checkpoint());
    } catch (IOException kept) {
      throw new UncheckedIOException("can't delete " + files.checkpoint(), kept);
    }
  }

  private static OptionalDouble last(List<Point> points) {
    return points.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(points.getLast().loss());
  }
}
