package dev.polyptych.policy.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * GPU-seconds by adapter, the recent ones: what is as old as the half-life counts half. New ones
 * weigh more instead of old ones less, so nothing is touched but what changes. Not safe for
 * threads.
 */
final class Traffic {
  /** Of so many adapters those that no longer matter are forgotten. */
  private static final int SWEEP = 20_000;

  /** A part of the traffic that gives nobody a wider spread. */
  private static final double NEGLIGIBLE = 1e-6;

  /** Far from what a double can't hold. */
  private static final double HEAVIEST = 1e100;

  private final double halfLifeSeconds;
  private final Map<String, double[]> seconds = new HashMap<>();
  private double allSeconds;
  private double jobs;
  private double weight = 1;
  private Instant origin = Instant.MIN;

  Traffic(Duration halfLife) {
    this.halfLifeSeconds = halfLife.toNanos() / 1e9;
  }

  void sent(String adapter, double gpuSeconds, Instant now) {
    weigh(now);
    seconds.computeIfAbsent(adapter, unknown -> new double[1])[0] += weight * gpuSeconds;
    allSeconds += weight * gpuSeconds;
    jobs += weight;
    if (seconds.size() > SWEEP) {
      seconds.values().removeIf(of -> of[0] < NEGLIGIBLE * allSeconds);
    }
  }

  /**
   * The adapter's part, 0 to 1. While fewer jobs count than there are workers it is a part of that
   * many; else the first job would have all.
   */
  double share(String adapter, int workers) {
    double[] own = seconds.get(adapter);
    if (own == null || allSeconds == 0) {
      return 0;
    }
    double counting = jobs / weight;
    return own[0] / allSeconds * Math.min(1, counting / Math.max(1, workers));
  }

  private void weigh(Instant now) {
    if (origin.equals(Instant.MIN)) {
      origin = now;
    }
    double halfLives = Duration.between(origin, now).toNanos() / 1e9 / halfLifeSeconds;
    weight = Math.max(weight, Math.pow(2, halfLives));
    if (weight > HEAVIEST) {
      seconds.values().forEach(of -> of[0] /= weight);
      allSeconds /= weight;
      jobs /= weight;
      weight = 1;
      origin = now;
    }
  }
}
