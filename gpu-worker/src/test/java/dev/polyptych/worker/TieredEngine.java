package dev.polyptych.worker;

import dev.polyptych.schema.fleet.AdapterTiers;
import dev.polyptych.worker.render.PanelSetEngine;
import dev.polyptych.worker.render.Rendering;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Another engine whose adapters come from files, which takes a while, or from host memory, where
 * the first other adapter that is expected is brought ahead.
 */
final class TieredEngine implements PanelSetEngine {
  static final Duration READING = Duration.ofMillis(40);
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private final PaintingEngine engine;
  private final List<String> files;
  private final Set<String> host = new TreeSet<>();
  private List<String> expected = List.of();

  TieredEngine(PaintingEngine engine, List<String> files) {
    this.engine = engine;
    this.files = files;
  }

  @Override
  public Identity identity() {
    return engine.identity();
  }

  @Override
  public void warm(String adapter) {
    try {
      if (host.add(adapter) && NEVER.await(READING.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("never is never");
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    engine.warm(adapter);
  }

  @Override
  public Optional<String> warmAdapter() {
    return engine.warmAdapter();
  }

  @Override
  public AdapterTiers tiers() {
    List<String> device = warmAdapter().stream().toList();
    return new AdapterTiers(List.of(), device, List.copyOf(host), files);
  }

  @Override
  public void expect(List<String> adapters) {
    expected = List.copyOf(adapters);
  }

  @Override
  public Rendering start(RenderStart start) {
    String drawn = start.job().adapter();
    expected.stream().filter(next -> !next.equals(drawn)).findFirst().ifPresent(host::add);
    return engine.start(start);
  }

  @Override
  public long liveArrays() {
    return engine.liveArrays();
  }

  @Override
  public void close() {
    engine.close();
  }
}
