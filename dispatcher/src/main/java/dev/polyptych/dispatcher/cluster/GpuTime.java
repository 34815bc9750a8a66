package dev.polyptych.dispatcher.cluster;

import dev.polyptych.schema.fleet.WorkerHeartbeat;
import java.util.List;
import java.util.Optional;

/**
 * How long a job keeps a GPU busy, by what the live workers of its model have measured. Safe for
 * all threads.
 */
public final class GpuTime {
  /** Routing's word for a job before anybody has measured one, so that it counts jobs. */
  public static final double UNMEASURED_SECONDS = 1;

  private final String model;
  private volatile Pace pace = new Pace(ClusterView.UNKNOWN, Optional.empty());

  /** What the workers of one look measured, so that a job need not ask each of them. */
  private record Pace(ClusterView view, Optional<Means> means) {}

  private record Means(double tokenSeconds, double besidesSeconds) {}

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
