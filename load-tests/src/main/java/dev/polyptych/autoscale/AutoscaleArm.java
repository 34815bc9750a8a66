package dev.polyptych.autoscale;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A way to scale. All arms have our workers, which commit after the result and keep checkpoints.
 *
 * @param utilisation of GPUs in place of triggers
 * @param deletionCost whether busy workers tell that they had better stay
 */
record AutoscaleArm(ScaledObject scaled, Wanted wanted, boolean utilisation, boolean deletionCost) {
  static final String LAG_WINDOWS = "lag-windows";
  static final String DELETION_COST = "deletion-cost";
  static final String OURS = "ours";

  /** All arms by name; the last is ours. */
  static Map<String, AutoscaleArm> all(Deployed deployed) {
    ScaledObject scaled = deployed.scaled();
    Wanted wanted = deployed.wanted();
    ScaledObject lag = ScaledObject.lagByDefault(scaled.maxReplicas());
    ScaledObject busy = ScaledObject.utilisation(scaled.maxReplicas());
    List<Trigger> lagOnly = lag.triggers();
    Map<String, AutoscaleArm> arms = new LinkedHashMap<>();
    arms.put("lag", new AutoscaleArm(lag, wanted, false, false));
    arms.put(LAG_WINDOWS, new AutoscaleArm(scaled.triggeredBy(lagOnly), wanted, false, false));
    arms.put("utilisation", new AutoscaleArm(busy, wanted, true, false));
    arms.put("backlog", new AutoscaleArm(scaled, wanted.backlogOnly(), false, false));
    arms.put(DELETION_COST, new AutoscaleArm(scaled, wanted, false, true));
    arms.put(OURS, new AutoscaleArm(scaled, wanted, false, false));
    return arms;
  }
}
