package dev.polyptych.training.tune;

import dev.polyptych.training.LossCurve;
import dev.polyptych.training.LossHistory;
import dev.polyptych.training.LossHistory.Point;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/**
 * Runs a trainer to its last step. It validates, writes checkpoints and the loss curve, and finally
 * writes the adapter. Belongs to the trainer's thread.
 */
public final class Tuning {
  private static final int SMOOTHING_SPAN = 100;

  /** A check costs about a hundredth of the steps between two. */
  private static final int CHECK_EVERY = 50;

  /**
   * How far the loss on training sets may rise above the base model's. It falls if anything is
   * learnt. Noise does not move it, because it is always the same.
   */
  private static final double GREATEST_RISE = 1.25;

  private final AdapterTrainer trainer;
  private final TuningFiles files;
  private final Plan plan;
  private final Map<String, String> metadata;
  private final Listener listener;

  private LossHistory history = new LossHistory();
  private int savedStep;
  private OptionalDouble baseLoss = OptionalDouble.empty();

  /**
   * @param metadata for the header of the adapter's file
   */
  public Tuning(
      AdapterTrainer trainer,
      TuningFiles files,
      Plan plan,
      Map<String, String> metadata,
      Listener listener) {
    this.trainer = trainer;
    this.files = files;
    this.plan = plan;
    this.metadata = metadata;
    this.listener = listener;
  }

  /**
   * The schedule of a run.
   *
   * @param steps number of steps of the whole run
   * @param checkpointEvery steps between checkpoints
   * @param validating whether there are held-out sets
   */
  public record Plan(int steps, int checkpointEvery, boolean validating) {}

  /**
   * How a run ended.
   *
   * @param finished whether the adapter is written; if not, a checkpoint is, unless no step was
   *     done
   * @param steps completed steps, those of earlier runs included
   * @param loss smoothed training loss; empty before the first step
   * @param validation the last validation loss; empty if none was measured
   */
  public record Result(
      boolean finished, int steps, OptionalDouble loss, OptionalDouble validation) {}

  /** Gets the progress of a run, on the thread that runs it. */
  public interface Listener {
    /** Called after every step with its loss. */
    void stepped(int step, double loss);

    /** Called with the loss over the held-out sets. */
    void validated(int step, double loss);

    /** Called after the checkpoint of a step and the loss curve are on disk. */
    void saved(int step);
  }

  /**
   * Loads the checkpoint and the losses of a stopped run. Call it before {@link #run}.
   *
   * @throws RuntimeException with the reason if the trainer can't continue from it
   */
  public void resume() {
    measureBase();
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
              + "); move it away to resume with a new curve",
          unreadable);
    }
  }

  /**
   * Trains until the last step or a stop. A stop takes up to one step.
   *
   * @param stopping asked before each step whether to stop
   * @throws TuningException if the run diverges: its loss is not finite, or far above the base
   *     model's. The adapter is not written then
   */
  public Result run(BooleanSupplier stopping) {
    while (trainer.done() < plan.steps() && !stopping.getAsBoolean()) {
      measureBase();
      step();
      boolean saving =
          trainer.done() % plan.checkpointEvery() == 0 || trainer.done() == plan.steps();
      if (saving || trainer.done() % CHECK_EVERY == 0) {
        checkLoss();
      }
      if (saving) {
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
    return new Result(
        finished,
        trainer.done(),
        last(history.smoothed(SMOOTHING_SPAN)),
        last(history.validations()));
  }

  private void step() {
    double loss = trainer.step();
    if (!Double.isFinite(loss)) {
      throw diverged("the loss became " + loss);
    }
    history.add(trainer.done(), loss);
    listener.stepped(trainer.done(), loss);
  }

  /** The weights of a new trainer change nothing, so their loss is the base model's. */
  private void measureBase() {
    if (baseLoss.isEmpty()) {
      baseLoss = OptionalDouble.of(trainer.trainingLoss());
    }
  }

  private void checkLoss() {
    double loss = trainer.trainingLoss();
    double base = baseLoss.orElseThrow();
    // Written so that NaN does not pass.
    if (!(loss <= GREATEST_RISE * base)) {
      throw diverged(
          String.format(
              Locale.ROOT,
              "the loss on training sets rose from %.4f without the adapter to %.4f",
              base,
              loss));
    }
  }

  private TuningException diverged(String how) {
    return new TuningException(
        how
            + " at step "
            + trainer.done()
            + "; no adapter was written; tune with a lower learning rate"
            + (savedStep > 0 ? " (" + files.checkpoint() + " is of step " + savedStep + ")" : ""));
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
    WholeFile.write(files.curve(), LossCurve.svg(history));
    listener.saved(savedStep);
  }

  private void finish() {
    AdapterFile.write(files.adapter(), trainer.matrices(), metadata);
    try {
      // It holds the optimizer's state, is several times larger than the adapter, and is now
      // useless.
      Files.deleteIfExists(files.checkpoint());
    } catch (IOException kept) {
      throw new UncheckedIOException("can't delete " + files.checkpoint(), kept);
    }
  }

  private static OptionalDouble last(List<Point> points) {
    return points.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(points.getLast().loss());
  }
}
