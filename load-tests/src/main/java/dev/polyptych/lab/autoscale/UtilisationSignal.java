package dev.polyptych.lab.autoscale;

/**
 * How busy the GPUs of ready workers are, as a resource metric of the autoscaler
 * (replica_calculator.go, calcPlainMetricReplicas).
 */
final class UtilisationSignal implements Signal {
  static final double TARGET = 0.8;

  /** Over which a GPU's use is taken. */
  private static final double WINDOW_SECONDS = 60;

  private final Sight sight;
  private final Fleet fleet;

  UtilisationSignal(Sight sight, Fleet fleet) {
    this.sight = sight;
    this.fleet = fleet;
  }

  @Override
  public boolean active() {
    return true;
  }

  /** Workers that are not ready count as idle when there should be more, and not when fewer. */
  @Override
  public int wanted(int current) {
    int ready = fleet.ready();
    if (ready == 0) {
      return current;
    }
    double ratio = sight.utilisation(WINDOW_SECONDS) / TARGET;
    int counted = ratio > 1 ? current : ready;
    double all = ratio * ready / counted;
    boolean near = Math.abs(1 - all) <= Autoscaler.TOLERANCE;
    return near || (ratio > 1 && all < 1) ? current : (int) Math.ceil(all * counted);
  }
}
