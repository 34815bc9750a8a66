package dev.polyptych.lab.drill;

import dev.polyptych.lab.bench.Timings;
import java.util.List;

/**
 * What came of one kind of drill.
 *
 * @param asked how often it was to be run
 * @param incidents those that the cluster bore
 */
public record Tally(DrillKind kind, int asked, List<Incident> incidents) {
  public Tally {
    incidents = List.copyOf(incidents);
  }

  int done() {
    return incidents.size();
  }

  /**
   * Seconds by nearest rank; NaN of none.
   *
   * @param share 0 to 1
   */
  double recoverySeconds(double share) {
    Timings timings = new Timings();
    incidents.forEach(incident -> timings.add(incident.recovery().toNanos()));
    return timings.percentile(share);
  }

  long furtherAttempts() {
    return incidents.stream().mapToLong(Incident::furtherAttempts).sum();
  }

  long resumed() {
    return incidents.stream().mapToLong(Incident::resumed).sum();
  }
}
