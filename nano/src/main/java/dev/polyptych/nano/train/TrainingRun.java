package dev.polyptych.nano.train;

import ai.djl.ndarray.NDManager;
import dev.polyptych.training.Trainable;
import dev.polyptych.training.Trainable.Values;
import dev.polyptych.training.TrainingCheckpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains one network to the end of its plan, or until it is asked to stop; goes on from the
 * checkpoint that an earlier run left.
 */
public final class TrainingRun {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);
  private static final Duration BETWEEN_CHECKPOINTS = Duration.ofMinutes(5);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

  private final String name;
  private final TrainingPlan plan;
  private final Path folder;
  private final BooleanSupplier stopping;
  private Listener listener = checkpoint -> {};

  /**
   * @param folder for checkpoint and journal
   * @param stopping once true, the run writes a checkpoint and returns
   */
  public TrainingRun(String name, TrainingPlan plan, Path folder, BooleanSupplier stopping) {
    this.name = name;
    this.plan = plan;
    this.folder = folder;
    this.stopping = stopping;
  }

  /** Tells {@code listener} of every checkpoint from now on. */
  TrainingRun telling(Listener told) {
    listener = told;
    return this;
  }

  /** Where the checkpoint of a network lies. */
  public static Path checkpoint(Path folder, String name) {
    return folder.resolve(name + ".checkpoint.safetensors");
  }

  /** Trains; returns what was learnt, whole or not. The caller closes it. */
  public TrainingCheckpoint run(
      Learner learner, Supplier<Map<String, Values>> initial, NDManager manager) {
    Path file = checkpoint(folder, name);
    TrainingCheckpoint start =
        Files.exists(file)
            ? TrainingCheckpoint.read(file, manager)
            : new TrainingCheckpoint(Trainable.from(initial.get(), manager), 0, 0);
    try (Journal journal = Journal.open(folder.resolve(name + ".csv"), start.steps())) {
      return learn(learner, start, journal);
    }
  }

  /** Is told of every checkpoint. */
  interface Listener {
    void saved(TrainingCheckpoint checkpoint);
  }

  private TrainingCheckpoint learn(Learner learner, TrainingCheckpoint start, Journal journal) {
    long began = System.nanoTime();
    long saved = began;
    long said = began;
    TrainingCheckpoint now = start;
    int steps = plan.learningRate().steps();
    LOG.info("{}: from step {} to {}", name, start.steps(), steps);
    while (now.steps() < steps && !stopping.getAsBoolean()) {
      int step = now.steps();
      Learner.Outcome outcome = learner.learn(step, start.trainable(), plan.rates(step));
      long time = System.nanoTime();
      now =
          new TrainingCheckpoint(
              start.trainable(), step + 1, start.seconds() + (time - began) / 1e9);
      journal.add(now, outcome, plan.rates(step).learningRate());
      if (time - said > BETWEEN_LINES.toNanos()) {
        say(now, start, journal.recent());
        said = time;
      }
      if (time - saved > BETWEEN_CHECKPOINTS.toNanos()) {
        save(now, journal);
        // The time before does not count: on a busy machine a checkpoint takes minutes, too.
        saved = System.nanoTime();
      }
    }
    save(now, journal);
    LOG.info("{}: {} of {} steps, loss {}", name, now.steps(), steps, journal.recent());
    return now;
  }

  private void save(TrainingCheckpoint now, Journal journal) {
    now.write(checkpoint(folder, name));
    journal.draw(folder.resolve(name + ".svg"));
    listener.saved(now);
  }

  private void say(TrainingCheckpoint now, TrainingCheckpoint start, double loss) {
    int steps = plan.learningRate().steps();
    double rate = (now.steps() - start.steps()) / (now.seconds() - start.seconds());
    LOG.info(
        "{}: step {} of {}, loss {}, {} steps/s, {} min left",
        name,
        now.steps(),
        steps,
        String.format("%.4f", loss),
        String.format("%.2f", rate),
        String.format("%.0f", (steps - now.steps()) / rate / 60));
  }
}
