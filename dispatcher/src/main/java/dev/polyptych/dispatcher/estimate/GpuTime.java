package dev.polyptych.dispatcher.estimate;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.store.WorkerHeartbeat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** How long a job keeps a GPU busy, by what the live workers need for a step. */
public final class GpuTime {
  private final Catalog catalog;

  public GpuTime(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Steps × tokens × seconds per step and token, the mean of all workers that have rendered; empty
   * when none has. A worker tells the mean time of a step, not its tokens, so those of the task
   * whose adapter is warm are taken.
   */
  public Optional<Double> seconds(RenderJob job, List<WorkerHeartbeat> workers) {
    OptionalDouble rate = workers.stream().flatMapToDouble(this::secondsPerToken).average();
    int tokens = job.layout().tokens();
    return rate.isPresent()
        ? Optional.of(job.sampling().steps() * tokens * rate.getAsDouble())
        : Optional.empty();
  }

  private DoubleStream secondsPerToken(WorkerHeartbeat worker) {
    if (worker.stepSeconds() <= 0 || !worker.model().equals(catalog.model())) {
      return DoubleStream.empty();
    }
    return catalog.tasks().stream()
        .filter(task -> worker.adapter().filter(task.adapter()::equals).isPresent())
        .mapToInt(GpuTime::tokens)
        .limit(1)
        .mapToDouble(tokens -> worker.stepSeconds() / tokens);
  }

  private static int tokens(Task task) {
    return task.layout().tokens();
  }
}
