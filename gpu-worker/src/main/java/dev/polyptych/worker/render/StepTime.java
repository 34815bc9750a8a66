package dev.polyptych.worker.render;

import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.job.RenderJob;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Recent mean of a denoising step. Written by the render thread, read by any. */
final class StepTime {
  /** Weight of the newest step: the mean follows a change within some twenty steps. */
  private static final double NEWEST = 0.1;

  /** Sizes of sheet that are told apart; a catalog has few. */
  private static final int SIZES = 64;

  private volatile double seconds;
  private volatile double secondsPerToken;

  /** By tokens of the sheet. */
  private final Map<Integer, Double> bySize = new ConcurrentHashMap<>();

  void measured(Layout layout, long nanos) {
    double measured = nanos / 1e9;
    seconds = mean(seconds, measured);
    secondsPerToken = mean(secondsPerToken, measured / layout.tokens());
    if (bySize.size() >= SIZES && !bySize.containsKey(layout.tokens())) {
      bySize.clear();
    }
    bySize.merge(layout.tokens(), measured, StepTime::mean);
  }

  /** How long a job takes on this device; zero when no sheet of its size was drawn here yet. */
  Duration of(RenderJob job) {
    double step = bySize.getOrDefault(job.layout().tokens(), 0.0);
    return Duration.ofNanos(Math.round(step * job.sampling().steps() * 1e9));
  }

  /** Seconds of a step, by the tokens alone where none of that size was drawn yet; 0 unknown. */
  double estimate(int tokens) {
    return bySize.getOrDefault(tokens, secondsPerToken * tokens);
  }

  /** Mean over all sizes; 0 before the first step. */
  double secondsPerToken() {
    return secondsPerToken;
  }

  private static double mean(double before, double measured) {
    return before == 0 ? measured : before + NEWEST * (measured - before);
  }

  /** 0 before the first step. */
  double seconds() {
    return seconds;
  }
}
