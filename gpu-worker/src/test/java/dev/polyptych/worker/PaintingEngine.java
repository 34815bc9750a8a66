package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polyptych.engine.Eventually;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.worker.render.PanelSetEngine;
import dev.polyptych.worker.render.RenderException;
import dev.polyptych.worker.render.Rendering;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * An engine without a model: each step adds one layer of noise that depends on seed, prompt and
 * adapter, so that the same job gives the same picture and another job another.
 */
class PaintingEngine implements PanelSetEngine {
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private final BiConsumer<RenderJob, Integer> beforeStep;
  private final List<String> swaps = new CopyOnWriteArrayList<>();
  private final List<String> begun = new CopyOnWriteArrayList<>();
  private Optional<String> warm = Optional.empty();
  private volatile boolean closed;
  private volatile Set<String> unreadable = Set.of();
  private String model = "tiny";

  /**
   * @param beforeStep called with the number of steps completed, also before decoding; may wait or
   *     throw
   */
  PaintingEngine(BiConsumer<RenderJob, Integer> beforeStep) {
    this.beforeStep = beforeStep;
  }

  /** One that draws as fast as it can. */
  static PaintingEngine eager() {
    return new PaintingEngine((job, step) -> {});
  }

  /** One whose steps take a time each. */
  static PaintingEngine slow(Duration step) {
    return new PaintingEngine((job, completed) -> pause(step));
  }

  /** Lets a time pass on the render thread, which a worker that stops interrupts. */
  static void pause(Duration time) {
    try {
      assertFalse(NEVER.await(time.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits on the render thread, which a worker that stops interrupts. */
  static void hold(CountDownLatch until) {
    try {
      Eventually.await(until);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** From now on it can't read these adapters. Any thread. */
  PaintingEngine unableToRead(String... adapters) {
    unreadable = Set.of(adapters);
    return this;
  }

  /** Draws with another model. */
  PaintingEngine of(String other) {
    model = other;
    return this;
  }

  /** Adapters made warm, in order. Any thread. */
  List<String> swaps() {
    return swaps;
  }

  /** Ids of the jobs begun, in order. Any thread. */
  List<String> begun() {
    return begun;
  }

  boolean closed() {
    return closed;
  }

  @Override
  public Identity identity() {
    return new Identity(model, "cpu", "float32");
  }

  @Override
  public void warm(String adapter) {
    if (unreadable.contains(adapter)) {
      throw new RenderException(ErrorCode.ADAPTER_UNAVAILABLE, "no file of " + adapter, null);
    }
    swaps.add(adapter);
    warm = Optional.of(adapter);
  }

  @Override
  public Optional<String> warmAdapter() {
    return warm;
  }

  @Override
  public Rendering start(RenderStart start) {
    RenderJob job = start.job();
    begun.add(job.id());
    return new Painting(job, warm.orElseThrow());
  }

  @Override
  public long liveArrays() {
    return 0;
  }

  @Override
  public void close() {
    closed = true;
  }

  /** What the engine draws for a job, without all the rest. */
  static SheetPixels picture(RenderJob job) {
    PaintingEngine engine = eager();
    engine.warm(job.adapter());
    try (Rendering rendering = engine.start(RenderStart.of(job))) {
      while (!rendering.finished()) {
        rendering.step();
      }
      return rendering.decode();
    }
  }

  private final class Painting implements Rendering {
    private final RenderJob job;
    private final Random noise;
    private final byte[] rgb;
    private int completed;

    Painting(RenderJob job, String adapter) {
      this.job = job;
      this.noise = new Random(job.sampling().seed() ^ (job.prompt() + adapter).hashCode());
      Layout layout = job.layout();
      this.rgb = new byte[3 * layout.sheetWidth() * layout.sheetHeight()];
    }

    @Override
    public boolean finished() {
      return completed == job.sampling().steps();
    }

    @Override
    public int completedSteps() {
      return completed;
    }

    @Override
    public void step() {
      beforeStep.accept(job, completed);
      byte[] layer = new byte[rgb.length];
      noise.nextBytes(layer);
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] += layer[i];
      }
      completed++;
    }

    /** Of no use to anybody: this engine always begins anew. */
    @Override
    public byte[] checkpoint() {
      return new byte[1];
    }

    @Override
    public SheetPixels preview() {
      return new SheetPixels(job.layout().sheetWidth(), job.layout().sheetHeight(), rgb.clone());
    }

    @Override
    public SheetPixels decode() {
      beforeStep.accept(job, completed);
      return new SheetPixels(job.layout().sheetWidth(), job.layout().sheetHeight(), rgb.clone());
    }

    @Override
    public void close() {}
  }
}
