package dev.polyptych.worker.render;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.policy.schedule.Workload;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.Checkpoint;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.metrics.RenderMetrics;
import dev.polyptych.worker.publish.DrawnSheet;
import dev.polyptych.worker.render.DeviceWatch.Phase;
import dev.polyptych.worker.render.PanelSetEngine.RenderStart;
import dev.polyptych.worker.trace.JobLog;
import dev.polyptych.worker.trace.JobSpans;
import io.opentelemetry.api.trace.Span;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Draws one sheet step by step, and checks between steps for a cancel or a recall. Render thread
 * only.
 */
public final class SheetRenderer {
  private static final Logger LOG = LoggerFactory.getLogger(SheetRenderer.class);

  /** The exception itself may tell of this machine. */
  private static final String UNEXPECTED =
      "an unexpected error; the operator finds it in the worker's log under the job's id";

  private final ReferencePictures references;
  private final Swaps swaps;
  private final AdapterFaults faults;
  private final DeviceWatch watch;
  private final Workload workload;
  private final RenderMetrics metrics;
  private final JobSpans spans;

  public SheetRenderer(
      ReferencePictures references,
      Swaps swaps,
      AdapterFaults faults,
      DeviceWatch watch,
      Workload workload,
      RenderMetrics metrics,
      JobSpans spans) {
    this.references = references;
    this.swaps = swaps;
    this.faults = faults;
    this.watch = watch;
    this.workload = workload;
    this.metrics = metrics;
    this.spans = spans;
  }

  /**
   * @param checkpoint of the attempt before
   * @param recalled asked before every step
   */
  RenderOutcome render(
      PanelSetEngine engine,
      Delivery delivery,
      Optional<byte[]> checkpoint,
      ProgressReport progress,
      BooleanSupplier recalled) {
    RenderJob job = delivery.job();
    try {
      String tenant = delivery.record().tenant();
      RenderStart start = new RenderStart(job, references.sheet(job, tenant), checkpoint);
      Optional<JobError> unread = warm(engine, job.adapter());
      if (unread.isPresent()) {
        return new RenderOutcome.Unable(unread.get());
      }
      progress.completed(0);
      int tokens = job.tokens();
      try (Rendering rendering = watch.during(Phase.TEXT, tokens, () -> engine.start(start))) {
        noteResumed(rendering, progress);
        return draw(rendering, job, progress, recalled);
      }
    } catch (ObjectsUnavailableException away) {
      return new RenderOutcome.Postponed(away.getMessage());
    } catch (RenderException known) {
      JobLog.about(LOG.atWarn(), job.id())
          .addKeyValue("code", known.error().code())
          .addKeyValue("adapter", job.adapter())
          .log("failed: {}", known.getMessage());
      return new RenderOutcome.Broken(known.error(), known.lasting());
    } catch (RuntimeException failed) {
      JobLog.about(LOG.atWarn(), job.id())
          .addKeyValue("code", ErrorCode.RENDER_FAILED)
          .addKeyValue("adapter", job.adapter())
          .setCause(failed)
          .log("failed");
      // The same input breaks the same rule at every attempt.
      boolean lasting =
          failed instanceof IllegalArgumentException || failed instanceof ArithmeticException;
      return new RenderOutcome.Broken(new JobError(ErrorCode.RENDER_FAILED, UNEXPECTED), lasting);
    }
  }

  /** Why the adapter can't be read; empty if it is warm now. */
  private Optional<JobError> warm(PanelSetEngine engine, String adapter) {
    try {
      watch.during(
          Phase.ADAPTER,
          1,
          () -> {
            swaps.warm(engine, adapter);
            return adapter;
          });
      faults.read(adapter);
      return Optional.empty();
    } catch (RenderException known) {
      if (known.error().code() != ErrorCode.ADAPTER_UNAVAILABLE) {
        throw known;
      }
      faults.failed(adapter, known.error());
      return Optional.of(known.error());
    }
  }

  private RenderOutcome draw(
      Rendering rendering, RenderJob job, ProgressReport progress, BooleanSupplier recalled) {
    return spans
        .step("denoise", () -> denoise(rendering, job, progress, recalled))
        .orElseGet(
            () -> new RenderOutcome.Drawn(spans.step("decode", () -> decode(rendering, job))));
  }

  /** Empty when all steps are done and the attempt still holds. */
  private Optional<RenderOutcome> denoise(
      Rendering rendering, RenderJob job, ProgressReport progress, BooleanSupplier recalled) {
    while (!rendering.finished()) {
      if (progress.lost().isPresent()) {
        return progress.lost();
      }
      if (recalled.getAsBoolean()) {
        return Optional.of(new RenderOutcome.Recalled(handedOn(rendering)));
      }
      int reused = rendering.reusedSteps();
      long nanos = watch.during(Phase.STEP, job.tokens(), () -> stepped(rendering));
      metrics.stepped(nanos);
      metrics.reused(rendering.reusedSteps() - reused);
      Span.current().addEvent("step");
      workload.stepped(job.tokens(), nanos / 1e9);
      watch.during(
          Phase.STEP,
          job.tokens(),
          () -> {
            look(rendering, progress, job.previews());
            return rendering;
          });
    }
    return progress.lost();
  }

  /** The nanoseconds that a step took. */
  private static long stepped(Rendering rendering) {
    long begin = System.nanoTime();
    rendering.step();
    return System.nanoTime() - begin;
  }

  /** Reports a step. The last step needs no preview, because the sheet follows. */
  private static void look(Rendering rendering, ProgressReport progress, boolean previews) {
    if (previews && !rendering.finished() && progress.previewDue()) {
      progress.preview(rendering.preview());
    }
    progress.completed(rendering.completedSteps());
    if (!rendering.finished() && progress.checkpointDue()) {
      progress.checkpoint(new Checkpoint(rendering.completedSteps(), rendering.checkpoint()));
    }
  }

  private void noteResumed(Rendering rendering, ProgressReport progress) {
    if (rendering.completedSteps() > 0) {
      metrics.resumed(rendering.completedSteps());
      progress.completed(rendering.completedSteps());
    }
  }

  private static Optional<Checkpoint> handedOn(Rendering rendering) {
    return rendering.completedSteps() == 0
        ? Optional.empty()
        : Optional.of(new Checkpoint(rendering.completedSteps(), rendering.checkpoint()));
  }

  private DrawnSheet decode(Rendering rendering, RenderJob job) {
    long begin = System.nanoTime();
    SheetPixels sheet = watch.during(Phase.DECODE, job.tokens(), rendering::decode);
    metrics.decoded(System.nanoTime() - begin);
    return new DrawnSheet(sheet, rendering.provenance());
  }
}
