package dev.polyptych.dispatcher.cluster;

import dev.polyptych.schema.fleet.WorkerHeartbeat;
import java.util.List;
import java.util.Optional;

/**
 * Estimates how long a job keeps a GPU busy, from the measurements of the model's live workers.
 * Safe for all threads.
 */
public final class GpuTime {
  /** GPU-seconds of a job before any worker has measured one. With it, routing counts jobs. */
  public static final double UNMEASURED_SECONDS = 1;

  private final String model;
  private volatile Pace pace = new Pace(ClusterView.UNKNOWN, Optional.empty());

  /** The workers' measurements from one look, cached so that a job need not visit each worker. */
  private record Pace(ClusterView view, Optional<Means> means) {}

  private record Means(double tokenSeconds, double besidesSeconds) {}

  /**
   * @param model the catalog's; workers of another model are ignored
   */
  public GpuTime(String model) {
    this.model = model;
  }

  /**
   * Steps × tokens × seconds per step and token, plus the fixed time of a job. Both times are means
   * over all workers that have rendered. Empty if none has.
   *
   * @param tokens of the sheet
   */
  public Optional<Double> seconds(int steps, int tokens, ClusterView view) {
    return means(view).map(means -> steps * tokens * means.tokenSeconds() + means.besidesSeconds());
  }

  private Optional<Means> means(ClusterView view) {
    Pace known = pace;
    if (known.view().fleet() != view.fleet()) {
      known = new Pace(view, measured(view.workers()));
      pace = known;
    }
    return known.means();
  }

  private Optional<Means> measured(List<WorkerHeartbeat> workers) {
    List<WorkerHeartbeat> telling =
        workers.stream()
            .filter(worker -> worker.model().equals(model) && worker.load().tokenSeconds() > 0)
            .toList();
    return telling.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Means(
                telling.stream().mapToDouble(of -> of.load().tokenSeconds()).average().orElse(0),
                telling.stream()
                    .mapToDouble(of -> of.load().besidesSeconds())
                    .average()
                    .orElse(0)));
  }
}
