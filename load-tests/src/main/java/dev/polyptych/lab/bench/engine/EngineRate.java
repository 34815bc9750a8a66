package dev.polyptych.lab.bench.engine;

import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.lab.bench.engine.EngineBench.EnginePlan;
import dev.polyptych.schema.catalog.Task;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The rate at which the engine alone draws sets of the built-in model: no broker, no store, no
 * encoding. Belongs to the thread that opened it.
 */
public final class EngineRate implements AutoCloseable {
  private final EngineArm arm;
  private final String prompt;

  private EngineRate(EngineArm arm, String prompt) {
    this.arm = arm;
    this.prompt = prompt;
  }

  /** Opens the model with the adapter of its first task as a branch. */
  public static EngineRate open(Path model, Task task, EngineOptions options) {
    EnginePlan plan =
        new EnginePlan(
            ModelSize.NANO,
            task.layout().sheetWidth(),
            task.layout().sheetHeight(),
            task.defaults().steps(),
            EnginePlan.Way.BRANCH,
            1,
            1,
            true);
    EngineRate rate =
        new EngineRate(
            EngineArm.open(plan, model, options),
            task.template().compose(task.example().prompt(), task.example().panels()));
    rate.arm.draw(rate.prompt);
    return rate;
  }

  /** Draws sets one after another for this time and returns sets per minute. */
  public double setsPerMinute(Duration time) {
    long begin = System.nanoTime();
    long sets = 0;
    while (System.nanoTime() - begin < time.toNanos()) {
      arm.draw(prompt);
      sets++;
    }
    return sets * 60e9 / (System.nanoTime() - begin);
  }

  @Override
  public void close() {
    arm.close();
  }
}
