package dev.polyptych.policy.routing;

import java.time.Duration;

/**
 * The parameters of {@link Router}.
 *
 * @param factor workers in a spread ÷ workers that the adapter's share keeps busy: room for chance
 * @param extra workers besides, so that even a rare adapter has a choice
 * @param band how much the share must have fallen below what a width stands for before it shrinks
 * @param halfLife of the traffic that shares are of
 * @param swapWeight a second of a swap counts as so many of waiting once nobody is idle: it delays
 *     all who wait at that worker, not only the job it is made for
 * @param loading what a worker that loads its model is taken to be behind
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
