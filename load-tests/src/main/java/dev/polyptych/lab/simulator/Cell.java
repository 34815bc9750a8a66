package dev.polyptych.lab.simulator;

import java.util.Map;

/**
 * What all arms made of one load.
 *
 * @param outcomes by arm
 */
record Cell(Load load, Map<String, Outcome> outcomes) {
  /** Waits below a tenth of a render are all the same to whoever waits. */
  private static final double SHORT_SECONDS = Load.RENDER_SECONDS / 10;

  Outcome of(String arm) {
    return outcomes.get(arm);
  }

  /** Ours ÷ an arm's. */
  double delivered(String arm) {
    return of(Arms.OURS).delivered() / of(arm).delivered();
  }

  /** Ours ÷ an arm's. */
  double wait(String arm) {
    return wait(of(Arms.OURS)) / wait(of(arm));
  }

  /** The arm that delivers most. */
  String mostDelivered() {
    return outcomes.keySet().stream()
        .reduce((one, other) -> of(one).delivered() >= of(other).delivered() ? one : other)
        .orElseThrow();
  }

  /** The arm with the least 95th percentile of waits. */
  String shortestWait() {
    return outcomes.keySet().stream()
        .reduce((one, other) -> of(one).p95Wait() <= of(other).p95Wait() ? one : other)
        .orElseThrow();
  }

  private static double wait(Outcome outcome) {
    return Math.max(SHORT_SECONDS, outcome.p95Wait());
  }
}
