package dev.polyptych.worker.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.policy.schedule.Workload;
import dev.polyptych.schema.fleet.AdapterTiers;
import dev.polyptych.worker.adapter.Fetchers;
import dev.polyptych.worker.intake.LocalQueue;
import dev.polyptych.worker.intake.OffsetLedger;
import dev.polyptych.worker.metrics.RenderMetrics;
import dev.polyptych.worker.trace.JobSpans;
import io.opentelemetry.api.OpenTelemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SwapsTest {
  private final Workload workload = new Workload();
  private final RenderState state =
      new RenderState(
          workload,
          new AdapterFaults(List.of(), Fetchers.none(), Clock.systemUTC()),
          new LocalQueue(new OffsetLedger(), Clock.systemUTC()),
          Clock.systemUTC());
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Swaps swaps =
      new Swaps(
          workload,
          state,
          new RenderMetrics(registry),
          new JobSpans(OpenTelemetry.noop().getTracer("test")));
  private final CountingEngine engine = new CountingEngine();

  @Test
  void anAdapterIsMadeWarmOnceForAllJobsThatUseItInARow() {
    // When
    for (String adapter : List.of("a", "a", "b", "b", "a")) {
      swaps.warm(engine, adapter);
    }
    // Then
    assertEquals(List.of("a", "b", "a"), engine.warmed);
    assertEquals(2, counter("warm_hits"));
  }

  @Test
  void aSwapIsMeasuredByTheTierTheAdapterCameFromAndShownAtOnce() {
    // Given
    engine.tiers = new AdapterTiers(List.of(), List.of(), List.of("a"), List.of("a", "b"));
    // When
    swaps.warm(engine, "a");
    // Then
    assertTrue(swaps.lastNanos() > 0);
    assertEquals(swaps.lastNanos() / 1e9, workload.swapCosts().host());
    assertEquals(0, workload.swapCosts().device());
    assertEquals(Optional.of("a"), state.warmAdapter());
  }

  @Test
  void aJobWhoseAdapterIsWarmHasNoSwap() {
    swaps.warm(engine, "a");

    swaps.warm(engine, "a");

    assertEquals(0, swaps.lastNanos());
  }

  @Test
  void anAdapterThatWasReadAheadCountsAsAPrefetchHitOnce() {
    // Given
    engine.tiers = new AdapterTiers(List.of(), List.of(), List.of(), List.of("b"));
    swaps.expect(engine, new WorkOutlook(List.of("b"), Optional.of("b"), List.of()));
    engine.tiers = new AdapterTiers(List.of(), List.of(), List.of("b"), List.of("b"));
    // When
    swaps.warm(engine, "b");
    swaps.warm(engine, "a");
    swaps.warm(engine, "b");
    // Then
    assertEquals(List.of("b"), engine.expected);
    assertEquals(1, counter("prefetch_hits"));
  }

  private double counter(String name) {
    return registry.scrape(metric -> metric.equals("polyptych_worker_" + name)).stream()
        .flatMap(found -> ((CounterSnapshot) found).getDataPoints().stream())
        .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
        .sum();
  }

  private static final class CountingEngine implements PanelSetEngine {
    private final List<String> warmed = new ArrayList<>();
    private List<String> expected = List.of();
    private AdapterTiers tiers = AdapterTiers.NONE;

    @Override
    public Identity identity() {
      return new Identity("tiny", "cpu", "float32");
    }

    @Override
    public void warm(String adapter) {
      warmed.add(adapter);
    }

    @Override
    public Optional<String> warmAdapter() {
      return warmed.isEmpty() ? Optional.empty() : Optional.of(warmed.getLast());
    }

    @Override
    public AdapterTiers tiers() {
      return tiers;
    }

    @Override
    public void expect(List<String> adapters) {
      expected = adapters;
    }

    @Override
    public Rendering start(RenderStart start) {
      throw new UnsupportedOperationException("nothing is drawn here");
    }

    @Override
    public long liveArrays() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
