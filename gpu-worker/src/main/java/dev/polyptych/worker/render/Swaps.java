package dev.polyptych.worker.render;

import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.worker.metrics.RenderMetrics;
import dev.polyptych.worker.trace.JobSpans;
import java.util.List;
import java.util.Optional;

/** Makes adapters warm, and measures what that takes. Render thread only. */
final class Swaps {
  private final PanelSetEngine engine;
  private final SwapTimes times;
  private final RenderMetrics metrics;
  private final JobSpans spans;
  private final Runnable onWarm;
  private Optional<String> prefetched = Optional.empty();
  private long lastNanos;

  /**
   * @param onWarm told when another adapter is warm
   */
  Swaps(
      PanelSetEngine engine,
      SwapTimes times,
      RenderMetrics metrics,
      JobSpans spans,
      Runnable onWarm) {
    this.engine = engine;
    this.times = times;
    this.metrics = metrics;
    this.spans = spans;
    this.onWarm = onWarm;
  }

  /**
   * Tells the engine what waits.
   *
   * @param next the adapter that is likely to be warm next, to be read ahead
   */
  void expect(List<String> waiting, Optional<String> next) {
    Optional<String> far = next.filter(adapter -> tier(adapter).compareTo(Tier.HOST) > 0);
    prefetched = far.or(() -> prefetched);
    engine.expect(waiting);
  }

  void warm(String adapter) {
    lastNanos = 0;
    if (engine.warmAdapter().filter(adapter::equals).isPresent()) {
      metrics.warmHit();
      return;
    }
    Tier from = tier(adapter);
    if (prefetched.filter(adapter::equals).isPresent()) {
      prefetched = Optional.empty();
      if (from.compareTo(Tier.HOST) <= 0) {
        metrics.prefetchHit();
      }
    }
    long begin = System.nanoTime();
    spans.run("warm", () -> engine.warm(adapter));
    lastNanos = System.nanoTime() - begin;
    metrics.swapped(lastNanos);
    times.measured(from, lastNanos);
    onWarm.run();
  }

  /** What the last job's swap took; 0 when its adapter was warm. */
  long lastNanos() {
    return lastNanos;
  }

  private Tier tier(String adapter) {
    Residency residency = engine.residency().tiers().residency(engine.warmAdapter());
    return residency.of(adapter);
  }
}
