package dev.polyptych.worker.render;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.worker.receipt.Provenance;
import java.util.Optional;

/** A sheet being denoised. Render thread only; closing frees what it holds, finished or not. */
public interface Rendering extends AutoCloseable {
  boolean finished();

  int completedSteps();

  /** Steps that reused what another one computed, since {@link PanelSetEngine#start}. */
  default int reusedSteps() {
    return 0;
  }

  /** Denoises one step; only while not {@link #finished}. */
  void step();

  /**
   * What an engine of the same model, device type and step cache goes on from, without a step cache
   * to the same bits; never empty.
   */
  byte[] checkpoint();

  /** A small picture of what the sheet is going to be. */
  SheetPixels preview();

  /** The sheet as it is now. */
  SheetPixels decode();

  /** What the sheet is drawn with; empty where the engine can't tell. */
  default Optional<Provenance> provenance() {
    return Optional.empty();
  }

  @Override
  void close();
}
