package dev.polyptych.worker.render;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.worker.metrics.RenderMetrics;
import dev.polyptych.worker.sheet.SheetPixels;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Draws one sheet, step by step, looking around between the steps. Render thread only. */
final class SheetRenderer {
  private static final Logger LOG = LoggerFactory.getLogger(SheetRenderer.class);

  private final PanelSetEngine engine;
  private final ReferencePictures references;
  private final RenderMetrics metrics;
  private final StepTime stepTime;

  SheetRenderer(
      PanelSetEngine engine,
      ReferencePictures references,
      RenderMetrics metrics,
      StepTime stepTime) {
    this.engine = engine;
    this.references = references;
    this.metrics = metrics;
    this.stepTime = stepTime;
  }

  /**
   * @param recalled asked before every step
   */
  Outcome render(RenderJob job, ProgressReport progress, BooleanSupplier recalled) {
    try {
      Start start = new Start(job, references.sheet(job));
      warm(job.adapter());
      progress.completed(0);
      try (Rendering rendering = engine.start(start)) {
        return draw(rendering, progress, recalled);
      }
    } catch (RenderException known) {
      LOG.warn("job {} failed: {}", job.id(), known.getMessage());
      return new Outcome.Broken(known.error());
    } catch (RuntimeException failed) {
      LOG.warn("job {} failed", job.id(), failed);
      return new Outcome.Broken(new JobError(ErrorCode.RENDER_FAILED, failed.toString()));
    }
  }

  private void warm(String adapter) {
    if (engine.warmAdapter().filter(adapter::equals).isPresent()) {
      metrics.warmHit();
      return;
    }
    long begin = System.nanoTime();
    engine.warm(adapter);
    metrics.swapped(System.nanoTime() - begin);
  }

  private Outcome draw(Rendering rendering, ProgressReport progress, BooleanSupplier recalled) {
    while (!rendering.finished()) {
      if (progress.superseded()) {
        return new Outcome.Superseded();
      }
      if (recalled.getAsBoolean()) {
        return new Outcome.Recalled();
      }
      long begin = System.nanoTime();
      rendering.step();
      long nanos = System.nanoTime() - begin;
      metrics.stepped(nanos);
      stepTime.measured(nanos);
      progress.completed(rendering.completedSteps());
    }
    return progress.superseded() ? new Outcome.Superseded() : new Outcome.Drawn(decode(rendering));
  }

  private SheetPixels decode(Rendering rendering) {
    long begin = System.nanoTime();
    SheetPixels sheet = rendering.decode();
    metrics.decoded(System.nanoTime() - begin);
    return sheet;
  }
}
