package dev.polyptych.policy.routing;

import java.time.Duration;

/**
 * The parameters of {@link Router}.
 *
 * @param factor workers in a spread, divided by the workers that the adapter's share keeps busy;
 *     above 1 it leaves room for fluctuations
 * @param extra additional workers in each spread, so that even a rare adapter has a choice
 * @param band hysteresis: a spread shrinks only if the share falls by this fraction
 * @param halfLife half-life of the traffic that shares are computed from
 * @param swapWeight factor of a swap's seconds if no worker is idle; a swap delays every job that
 *     waits at its worker
 * @param loading assumed backlog of a worker that is still loading its model
 */
public record RoutingRules(
    double factor, int extra, double band, Duration halfLife, double swapWeight, Duration loading) {
  public static final RoutingRules DEFAULT =
      new RoutingRules(1.5, 1, 0.5, Duration.ofMinutes(5), 5, Duration.ofMinutes(1));

  public RoutingRules {
    if (!(factor > 0 && extra >= 0 && band >= 0 && swapWeight >= 0)
        || halfLife.toMillis() < 1
        || loading.isNegative()) {
      throw new IllegalArgumentException("routing rules must be positive");
    }
  }
}
