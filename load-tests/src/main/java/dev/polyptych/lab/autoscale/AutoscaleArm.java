package dev.polyptych.lab.autoscale;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A way to scale. All arms have our workers, which commit after the result and keep checkpoints.
 *
 * @param utilisation of GPUs in place of triggers
 * @param deletionCost whether busy workers tell that they had better stay; told by all arms but
 *     one, if the manifests let them
 */
record AutoscaleArm(ScaledObject scaled, Wanted wanted, boolean utilisation, boolean deletionCost) {
  static final String LAG_WINDOWS = "lag-windows";
  static final String BLIND = "blind";
  static final String OURS = "ours";

  /** All arms by name; the last is ours. */
  static Map<String, AutoscaleArm> all(Deployed deployed) {
    ScaledObject scaled = deployed.scaled();
    Wanted wanted = deployed.wanted();
    ScaledObject lag = ScaledObject.lagByDefault(scaled.maxReplicas());
    ScaledObject busy = ScaledObject.utilisation(scaled.maxReplicas());
    List<Trigger> lagOnly = lag.triggers();
    boolean told = deployed.deletionCost();
    Map<String, AutoscaleArm> arms = new LinkedHashMap<>();
    arms.put("lag", new AutoscaleArm(lag, wanted, false, told));
    arms.put(LAG_WINDOWS, new AutoscaleArm(scaled.triggeredBy(lagOnly), wanted, false, told));
    arms.put("utilisation", new AutoscaleArm(busy, wanted, true, told));
    arms.put("backlog", new AutoscaleArm(scaled, wanted.backlogOnly(), false, told));
    arms.put(BLIND, new AutoscaleArm(scaled, wanted, false, false));
    arms.put(OURS, new AutoscaleArm(scaled, wanted, false, told));
    return arms;
  }
}
