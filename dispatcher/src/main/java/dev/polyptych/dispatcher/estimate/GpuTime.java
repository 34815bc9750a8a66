package dev.polyptych.dispatcher.estimate;

import dev.polyptych.schema.store.WorkerHeartbeat;
import java.util.List;
import java.util.Optional;

/** How long a job keeps a GPU busy, by what the live workers of its model have measured. */
public final class GpuTime {
  private final String model;

  /**
   * @param model the catalog's; others' workers tell nothing of its jobs
   */
  public GpuTime(String model) {
    this.model = model;
  }

  /**
   * Steps × tokens × seconds per step and token, and what a job takes besides: the mean of all
   * workers that have rendered; empty when none has.
   *
   * @param tokens of the sheet
   */
  public Optional<Double> seconds(int steps, int tokens, List<WorkerHeartbeat> workers) {
    return workers.stream()
        .filter(worker -> worker.model().equals(model) && worker.load().tokenSeconds() > 0)
        .mapToDouble(
            worker ->
                steps * tokens * worker.load().tokenSeconds() + worker.load().besidesSeconds())
        .average()
        .stream()
        .boxed()
        .findFirst();
  }
}
