package dev.polyptych.policy.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Recent GPU-seconds by adapter, with exponential decay. Instead of reducing old values, new values
 * get a growing weight, so an update touches one adapter only. Not thread-safe.
 */
final class AdapterTraffic {
  /** With more adapters than this, negligible ones are removed. */
  private static final int SWEEP = 20_000;

  /** A share of the traffic too small to widen a spread. */
  private static final double NEGLIGIBLE = 1e-6;

  /** Limit of the weight, far below the overflow of a double. */
  private static final double HEAVIEST = 1e100;

  private final double halfLifeSeconds;
  private final Map<String, double[]> seconds = new HashMap<>();
  private double allSeconds;
  private double jobs;
  private double weight = 1;
  private Instant origin = Instant.MIN;

  AdapterTraffic(Duration halfLife) {
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
   * The adapter's share, 0 to 1. With fewer recent jobs than workers it is a share of as many jobs
   * as there are workers; otherwise the first job would get all workers.
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
