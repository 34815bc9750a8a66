package dev.polyptych.worker.fleet;

import dev.polyptych.schema.fleet.WorkerHeartbeat;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/**
 * What would be lost with this worker, as one of four levels, and when to write it. Each write
 * updates the pod, and every watcher of pods gets the update, so writes must be rare: an increase
 * is written at once, a decrease only after a while. One thread.
 */
final class ScaleInCost {
  static final int IDLE = 0;

  /** Added when no other worker has the same warm adapter. */
  static final int ONLY_WARM_COPY = 10;

  /** It has jobs, or loads its model. */
  static final int WORKING = 100;

  private static final Duration CALM = Duration.ofMinutes(1);

  private OptionalInt written = OptionalInt.empty();
  private Instant lessSince = Instant.MAX;

  /**
   * @param all live workers, this one perhaps among them
   */
  static int of(WorkerHeartbeat self, List<WorkerHeartbeat> all) {
    boolean working = self.loading() || self.job().isPresent() || self.waiting() > 0;
    boolean onlyCopy =
        self.adapter().isPresent()
            && all.stream()
                .filter(other -> !other.id().equals(self.id()))
                .noneMatch(other -> other.adapter().equals(self.adapter()));
    return (working ? WORKING : IDLE) + (onlyCopy ? ONLY_WARM_COPY : 0);
  }

  /** Whether to write it now. */
  boolean due(int cost, Instant now) {
    if (written.isEmpty() || cost > written.getAsInt()) {
      return true;
    }
    if (cost == written.getAsInt()) {
      lessSince = Instant.MAX;
      return false;
    }
    lessSince = lessSince.isBefore(now) ? lessSince : now;
    return !lessSince.plus(CALM).isAfter(now);
  }

  void written(int cost) {
    written = OptionalInt.of(cost);
    lessSince = Instant.MAX;
  }
}
