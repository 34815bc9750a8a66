package dev.polyptych.lab.bench.cluster;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.worker.receipt.Provenance;
import dev.polyptych.worker.render.PanelSetEngine;
import dev.polyptych.worker.render.Rendering;
import dev.polyptych.worker.render.Residency;
import dev.polyptych.worker.render.Start;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Optional;

/** An engine as it is, that writes down when it draws what. Render thread only. */
final class JournalEngine implements PanelSetEngine {
  private final PanelSetEngine engine;
  private final Journal journal;
  private Optional<Tier> swappedFrom = Optional.empty();
  private double swapSeconds;

  JournalEngine(PanelSetEngine engine, Journal journal) {
    this.engine = engine;
    this.journal = journal;
  }

  @Override
  public Identity identity() {
    return engine.identity();
  }

  @Override
  public void warm(String adapter) {
    swappedFrom =
        Optional.of(engine.residency().tiers().residency(engine.warmAdapter()).of(adapter));
    long begin = System.nanoTime();
    engine.warm(adapter);
    swapSeconds = (System.nanoTime() - begin) / 1e9;
  }

  @Override
  public Optional<String> warmAdapter() {
    return engine.warmAdapter();
  }

  @Override
  public Residency residency() {
    return engine.residency();
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
  public Rendering start(Start start) {
    double begun = Journal.now();
    Optional<Tier> from = swappedFrom;
    double swap = swapSeconds;
    swappedFrom = Optional.empty();
    swapSeconds = 0;
    long seed = start.job().sampling().seed();
    String adapter = start.job().adapter();
    return new Timed(
        engine.start(start),
        () -> journal.tell(new Notice.Drawn(seed, adapter, from, swap, begun, Journal.now())));
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
   * @param drawn told when the sheet is there
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
