package dev.polyptych.worker.render.flux;

import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.worker.publish.Provenance;
import dev.polyptych.worker.render.Rendering;
import dev.polyptych.worker.render.flux.CheckpointState.Maker;
import dev.polyptych.worker.trace.StartTimes;
import java.util.Optional;

/** A sheet while it is drawn. Closing frees its device memory. */
record FluxRendering(
    Denoising denoising,
    Maker maker,
    Provenance drawnWith,
    StartTimes times,
    DeviceFailures failures,
    Layout sheet)
    implements Rendering {
  @Override
  public boolean finished() {
    return denoising.finished();
  }

  @Override
  public int completedSteps() {
    return denoising.completedSteps();
  }

  @Override
  public int reusedSteps() {
    return denoising.reusedSteps();
  }

  @Override
  public void step() {
    failures.translated(
        sheet,
        () -> {
          denoising.step();
          return true;
        });
    times.stepped();
  }

  @Override
  public byte[] checkpoint() {
    return failures.translated(sheet, () -> CheckpointState.bytes(maker, denoising.progress()));
  }

  @Override
  public SheetPixels preview() {
    return failures.translated(sheet, denoising::preview);
  }

  @Override
  public SheetPixels decode() {
    return failures.translated(sheet, denoising::decode);
  }

  @Override
  public Optional<Provenance> provenance() {
    return Optional.of(drawnWith);
  }

  @Override
  public void close() {
    denoising.close();
  }
}
