package dev.polyptych.policy.schedule;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Recent mean of a denoising step. One thread measures; any thread reads. */
final class StepTime {
  /** The mean follows a change within about twenty steps. */
  private static final double NEWEST = 0.1;

  /** Sheet sizes that are kept apart. A catalog has fewer. */
  private static final int SIZES = 64;

  private final RecentMean seconds = new RecentMean(NEWEST);
  private final RecentMean secondsPerToken = new RecentMean(NEWEST);

  /** By tokens of the sheet. */
  private final Map<Integer, RecentMean> bySize = new ConcurrentHashMap<>();

  void measured(int tokens, double measured) {
    seconds.add(measured);
    secondsPerToken.add(measured / tokens);
    if (bySize.size() >= SIZES && !bySize.containsKey(tokens)) {
      bySize.clear();
    }
    bySize.computeIfAbsent(tokens, first -> new RecentMean(NEWEST)).add(measured);
  }

  /** Seconds of a step over a sheet of this size; 0 when none was drawn. */
  double measuredAt(int tokens) {
    RecentMean mean = bySize.get(tokens);
    return mean == null ? 0 : mean.value();
  }

  /** As {@link #measuredAt}. A size that was never drawn is estimated from its tokens. */
  double estimate(int tokens) {
    double measured = measuredAt(tokens);
    return measured > 0 ? measured : secondsPerToken.value() * tokens;
  }

  /** Mean over all sizes; 0 before the first step. */
  double secondsPerToken() {
    return secondsPerToken.value();
  }

  /** Mean over all sizes; 0 before the first step. */
  double seconds() {
    return seconds.value();
  }
}
