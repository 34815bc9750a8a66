package dev.polyptych.lab.autoscale;

import java.util.Comparator;

/**
 * Which pods a ReplicaSet deletes first (kubernetes/pkg/controller/controller_utils.go,
 * ActivePodsWithRanks): those without a node, those not ready, those of the least deletion cost,
 * those ready for the shortest time by its power of two, any.
 */
final class Victims {
  private Victims() {}

  /**
   * @param cost whether busy workers have a higher deletion cost than idle ones
   */
  static Comparator<Pod> order(double now, boolean cost) {
    Comparator<Pod> order =
        Comparator.comparing((Pod pod) -> !pod.is(Pod.State.WAITING))
            .thenComparing(pod -> pod.ready())
            .thenComparing(pod -> cost && pod.toldBusy(now));
    return order.thenComparingInt(pod -> age(pod, now)).thenComparingLong(Pod::uid);
  }

  private static int age(Pod pod, double now) {
    double nanos = 1e9 * (now - pod.readySince());
    return nanos >= 1 ? (int) (Math.log(nanos) / Math.log(2)) : 0;
  }
}
