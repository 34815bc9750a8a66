package dev.polyptych.worker.render;

import dev.polyptych.policy.schedule.Workload;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.worker.metrics.RenderMetrics;
import dev.polyptych.worker.trace.JobSpans;
import java.util.Optional;

/** Makes adapters warm and measures how long that takes. Render thread only. */
public final class Swaps {
  private final Workload workload;
  private final RenderState state;
  private final RenderMetrics metrics;
  private final JobSpans spans;
  private Optional<String> prefetched = Optional.empty();
  private long lastNanos;

  public Swaps(Workload workload, RenderState state, RenderMetrics metrics, JobSpans spans) {
    this.workload = workload;
    this.state = state;
    this.metrics = metrics;
    this.spans = spans;
  }

  /** Tells the engine what waits, so that it can read the next adapter ahead. */
  void expect(PanelSetEngine engine, WorkOutlook outlook) {
    Optional<String> onDisk =
        outlook.next().filter(adapter -> tier(engine, adapter).compareTo(Tier.HOST) > 0);
    prefetched = onDisk.or(() -> prefetched);
    engine.expect(outlook.adapters());
  }

  /** Makes the adapter of the next job warm. Called once a job. */
  void warm(PanelSetEngine engine, String adapter) {
    lastNanos = 0;
    boolean warm = engine.warmAdapter().filter(adapter::equals).isPresent();
    if (warm && engine.current(adapter)) {
      metrics.warmHit();
      return;
    }
    // Warm, but its file was replaced: it is read again.
    Tier from = warm ? Tier.DISK : tier(engine, adapter);
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
    workload.swapped(from, lastNanos / 1e9);
    // Now, not after the job: routing must know at once which adapter is warm here.
    state.adaptersOf(engine);
  }

  /** Duration of the last job's swap; 0 when its adapter was warm. */
  long lastNanos() {
    return lastNanos;
  }

  private static Tier tier(PanelSetEngine engine, String adapter) {
    return engine.tiers().residency(engine.warmAdapter()).of(adapter);
  }
}
