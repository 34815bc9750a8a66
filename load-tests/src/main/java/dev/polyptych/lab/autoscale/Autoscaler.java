package dev.polyptych.lab.autoscale;

import dev.polyptych.lab.autoscale.ScaledObject.ScalingRules;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;

/**
 * The horizontal autoscaler of Kubernetes. It applies stabilisation windows and then policies to
 * the wanted replicas (kubernetes/pkg/controller/podautoscaler/horizontal.go, with behaviour).
 */
final class Autoscaler {
  /** Time between two syncs; the controller manager's default. */
  static final int SYNC_SECONDS = 15;

  /**
   * A metric that is this close to its target changes nothing; the controller manager's default.
   */
  static final double TOLERANCE = 0.1;

  private final int least;
  private final int most;
  private final ScalingRules up;
  private final ScalingRules down;
  private final List<At> wantedBefore = new ArrayList<>();
  private final List<At> added = new ArrayList<>();
  private final List<At> removed = new ArrayList<>();

  private record At(double seconds, int replicas) {}

  Autoscaler(ScaledObject scaled) {
    this.least = Math.max(1, scaled.minReplicas());
    this.most = scaled.maxReplicas();
    this.up = scaled.up();
    this.down = scaled.down();
  }

  /**
   * @param now seconds, not less than in the last call
   * @param current replicas, at least 1: Kubernetes does not run this at 0
   * @param wanted replicas by the metrics
   * @return the replicas from now on
   */
  int replicas(double now, int current, int wanted) {
    int next = limited(now, current, stabilised(now, current, wanted));
    if (next > current) {
      added.add(new At(now, next - current));
    } else if (next < current) {
      removed.add(new At(now, current - next));
    }
    return next;
  }

  private int stabilised(double now, int current, int wanted) {
    int low = wanted;
    int high = wanted;
    for (At before : wantedBefore) {
      if (before.seconds() > now - up.stabilizationWindowSeconds()) {
        low = Math.min(low, before.replicas());
      }
      if (before.seconds() > now - down.stabilizationWindowSeconds()) {
        high = Math.max(high, before.replicas());
      }
    }
    int longest = Math.max(up.stabilizationWindowSeconds(), down.stabilizationWindowSeconds());
    wantedBefore.removeIf(before -> before.seconds() <= now - longest);
    wantedBefore.add(new At(now, wanted));
    return Math.min(Math.max(current, low), high);
  }

  private int limited(double now, int current, int wanted) {
    if (wanted > current) {
      int limit = Math.max(current, limit(up, now, current, true));
      return Math.min(wanted, Math.min(most, limit));
    }
    int limit = Math.min(current, limit(down, now, current, false));
    return Math.max(wanted, Math.max(least, limit));
  }

  private int limit(ScalingRules rules, double now, int current, boolean upwards) {
    if (rules.select() == ScalingRules.Select.DISABLED) {
      return current;
    }
    boolean highest = upwards == (rules.select() == ScalingRules.Select.MAX);
    IntBinaryOperator choice = highest ? Math::max : Math::min;
    return rules.policies().stream()
        .mapToInt(
            policy -> {
              double since = now - policy.periodSeconds();
              int start = current - within(added, since) + within(removed, since);
              return upwards ? policy.highest(start) : policy.lowest(start);
            })
        .reduce(choice)
        .orElse(current);
  }

  private static int within(List<At> changes, double since) {
    return changes.stream().filter(change -> change.seconds() > since).mapToInt(At::replicas).sum();
  }
}
