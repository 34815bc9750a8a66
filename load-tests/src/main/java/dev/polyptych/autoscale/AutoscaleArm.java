package dev.polyptych.autoscale;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A way to scale.
 *
 * @param utilisation of GPUs in place of triggers
 * @param deletionCost whether busy workers tell that they had better stay
 */
record AutoscaleArm(
    ScaledObject scaled, Wanted wanted, boolean utilisation, boolean deletionCost) {
  static final String OURS = "ours";

  /** All arms by name; the last is ours. */
  static Map<String, AutoscaleArm> all(Deployed deployed) {
    ScaledObject scaled = deployed.scaled();
    Wanted wanted = deployed.wanted();
    int most = scaled.maxReplicas();
    List<Trigger> lag = ScaledObject.lagByDefault(most).triggers();
    Map<String, AutoscaleArm> arms = new LinkedHashMap<>();
    arms.put("lag", new AutoscaleArm(ScaledObject.lagByDefault(most), wanted, false, false));
    arms.put("lag-slow", new AutoscaleArm(scaled.triggeredBy(lag), wanted, false, false));
    arms.put(
        "utilisation", new AutoscaleArm(ScaledObject.utilisation(most), wanted, true, false));
    arms.put("backlog", new AutoscaleArm(scaled, wanted.backlogOnly(), false, false));
    arms.put("ours-cost", new AutoscaleArm(scaled, wanted, false, true));
    arms.put(OURS, new AutoscaleArm(scaled, wanted, false, false));
    return arms;
  }
}
