package dev.polyptych.lab.bench.cluster;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.lab.bench.cluster.Notices.NoticeSender;
import dev.polyptych.schema.fleet.AdapterTiers;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.worker.publish.Provenance;
import dev.polyptych.worker.render.PanelSetEngine;
import dev.polyptych.worker.render.Rendering;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Optional;

/** An engine that reports each drawn job to the bench. Render thread only. */
final class ReportingEngine implements PanelSetEngine {
  private final PanelSetEngine engine;
  private final NoticeSender sender;
  private Optional<Tier> swappedFrom = Optional.empty();
  private double swapSeconds;

  ReportingEngine(PanelSetEngine engine, NoticeSender sender) {
    this.engine = engine;
    this.sender = sender;
  }

  @Override
  public Identity identity() {
    return engine.identity();
  }

  @Override
  public void warm(String adapter) {
    swappedFrom = Optional.of(engine.tiers().residency(engine.warmAdapter()).of(adapter));
    long begin = System.nanoTime();
    engine.warm(adapter);
    swapSeconds = (System.nanoTime() - begin) / 1e9;
  }

  @Override
  public Optional<String> warmAdapter() {
    return engine.warmAdapter();
  }

  @Override
  public AdapterTiers tiers() {
    return engine.tiers();
  }

  @Override
  public int deviceSlots() {
    return engine.deviceSlots();
  }

  @Override
  public Optional<MemoryUsage> deviceMemory() {
    return engine.deviceMemory();
  }

  @Override
  public void expect(List<String> adapters) {
    engine.expect(adapters);
  }

  @Override
  public Rendering start(RenderStart start) {
    double begun = NoticeSender.now();
    Optional<Tier> from = swappedFrom;
    double swap = swapSeconds;
    swappedFrom = Optional.empty();
    swapSeconds = 0;
    long seed = start.job().sampling().seed();
    String adapter = start.job().adapter();
    return new Timed(
        engine.start(start),
        () -> sender.send(new Notice.Drawn(seed, adapter, from, swap, begun, NoticeSender.now())));
  }

  @Override
  public long liveArrays() {
    return engine.liveArrays();
  }

  @Override
  public void close() {
    engine.close();
  }

  /**
   * @param drawn runs when the sheet is complete
   */
  private record Timed(Rendering rendering, Runnable drawn) implements Rendering {
    @Override
    public boolean finished() {
      return rendering.finished();
    }

    @Override
    public int completedSteps() {
      return rendering.completedSteps();
    }

    @Override
    public void step() {
      rendering.step();
    }

    @Override
    public byte[] checkpoint() {
      return rendering.checkpoint();
    }

    @Override
    public SheetPixels preview() {
      return rendering.preview();
    }

    @Override
    public SheetPixels decode() {
      SheetPixels sheet = rendering.decode();
      drawn.run();
      return sheet;
    }

    @Override
    public Optional<Provenance> provenance() {
      return rendering.provenance();
    }

    @Override
    public void close() {
      rendering.close();
    }
  }
}
