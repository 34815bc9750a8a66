package dev.polyptych.worker;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.worker.render.PanelSetEngine;
import dev.polyptych.worker.render.Rendering;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;

/** Another engine, with something in the way of its steps. */
final class StoppableEngine implements PanelSetEngine {
  private final PanelSetEngine engine;
  private final IntConsumer beforeStep;
  private final List<Integer> startedAt = new CopyOnWriteArrayList<>();

  /**
   * @param beforeStep called with the number of steps completed; may wait or throw
   */
  StoppableEngine(PanelSetEngine engine, IntConsumer beforeStep) {
    this.engine = engine;
    this.beforeStep = beforeStep;
  }

  /** The completed steps at the start of each rendering. Any thread. */
  List<Integer> startedAt() {
    return startedAt;
  }

  @Override
  public Identity identity() {
    return engine.identity();
  }

  @Override
  public void warm(String adapter) {
    engine.warm(adapter);
  }

  @Override
  public Optional<String> warmAdapter() {
    return engine.warmAdapter();
  }

  @Override
  public void expect(List<String> adapters) {
    engine.expect(adapters);
  }

  @Override
  public Rendering start(RenderStart start) {
    Rendering rendering = engine.start(start);
    startedAt.add(rendering.completedSteps());
    return new Stoppable(rendering);
  }

  @Override
  public long liveArrays() {
    return engine.liveArrays();
  }

  @Override
  public void close() {
    engine.close();
  }

  private final class Stoppable implements Rendering {
    private final Rendering rendering;

    Stoppable(Rendering rendering) {
      this.rendering = rendering;
    }

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
      beforeStep.accept(rendering.completedSteps());
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
      return rendering.decode();
    }

    @Override
    public void close() {
      rendering.close();
    }
  }
}
