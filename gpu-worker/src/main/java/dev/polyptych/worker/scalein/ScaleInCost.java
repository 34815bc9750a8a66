package dev.polyptych.worker.scalein;

import dev.polyptych.schema.fleet.WorkerHeartbeat;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/**
 * What would be lost with this worker, as one of four levels, and when that is worth telling. Each
 * telling is an update of the pod that everybody who watches pods gets, so it must be rare: more is
 * told at once, less only after a while. One thread.
 */
final class ScaleInCost {
  static final int IDLE = 0;

  /** Added where no other worker draws with the adapter that is warm here. */
  static final int ONLY_WARM_COPY = 10;

  /** It has jobs, or loads its model to take some. */
  static final int WORKING = 100;

  private static final Duration CALM = Duration.ofMinutes(1);

  private OptionalInt told = OptionalInt.empty();
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

  /** Whether to tell it now. */
  boolean due(int worth, Instant now) {
    if (told.isEmpty() || worth > told.getAsInt()) {
      return true;
    }
    if (worth == told.getAsInt()) {
      lessSince = Instant.MAX;
      return false;
    }
    lessSince = lessSince.isBefore(now) ? lessSince : now;
    return !lessSince.plus(CALM).isAfter(now);
  }

  void told(int worth) {
    told = OptionalInt.of(worth);
    lessSince = Instant.MAX;
  }
}
