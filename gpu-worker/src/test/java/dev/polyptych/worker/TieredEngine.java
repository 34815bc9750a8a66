package dev.polyptych.worker;

import dev.polyptych.schema.fleet.AdapterTiers;
import dev.polyptych.worker.render.Rendering;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;

/**
 * An engine whose adapters come from files, which takes a while, or from host memory, where the
 * first other adapter that is expected is brought ahead.
 */
final class TieredEngine extends PaintingEngine {
  private static final Duration READING = Duration.ofMillis(40);

  private final List<String> files;
  private final Set<String> host = new TreeSet<>();
  private List<String> expected = List.of();

  TieredEngine(IntConsumer beforeStep, List<String> files) {
    super((job, step) -> beforeStep.accept(step));
    this.files = files;
  }

  @Override
  public void warm(String adapter) {
    if (host.add(adapter)) {
      pause(READING);
    }
    super.warm(adapter);
  }

  @Override
  public AdapterTiers tiers() {
    return new AdapterTiers(List.of(), warmAdapter().stream().toList(), List.copyOf(host), files);
  }

  @Override
  public void expect(List<String> adapters) {
    expected = List.copyOf(adapters);
  }

  @Override
  public Rendering start(RenderStart start) {
    String drawn = start.job().adapter();
    expected.stream().filter(next -> !next.equals(drawn)).findFirst().ifPresent(host::add);
    return super.start(start);
  }
}
