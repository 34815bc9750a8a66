package dev.polyptych.lab.autoscale;

import dev.polyptych.lab.autoscale.ScaledObject.Trigger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A way to scale. Every arm has our workers, which commit after the result and keep checkpoints.
 *
 * @param utilisation scales on the utilisation of GPUs instead of triggers
 * @param deletionCost whether busy workers report a higher deletion cost
 */
record AutoscaleArm(ScaledObject scaled, Wanted wanted, boolean utilisation, boolean deletionCost) {
  static final String LAG_WINDOWS = "lag-windows";
  static final String BLIND = "blind";
  static final String OURS = "ours";

  /** All arms by name. The last one is ours. */
  static Map<String, AutoscaleArm> all(Deployed deployed) {
    ScaledObject scaled = deployed.scaled();
    Wanted wanted = deployed.wanted();
    ScaledObject lag = ScaledObject.lagByDefault(scaled.maxReplicas());
    ScaledObject busy = ScaledObject.utilisation(scaled.maxReplicas());
    List<Trigger> lagOnly = lag.triggers();
    boolean cost = deployed.deletionCost();
    Map<String, AutoscaleArm> arms = new LinkedHashMap<>();
    arms.put("lag", new AutoscaleArm(lag, wanted, false, cost));
    arms.put(LAG_WINDOWS, new AutoscaleArm(scaled.triggeredBy(lagOnly), wanted, false, cost));
    arms.put("utilisation", new AutoscaleArm(busy, wanted, true, cost));
    arms.put("backlog", new AutoscaleArm(scaled, wanted.backlogOnly(), false, cost));
    arms.put(BLIND, new AutoscaleArm(scaled, wanted, false, false));
    arms.put(OURS, new AutoscaleArm(scaled, wanted, false, cost));
    return arms;
  }
}
