package dev.polyptych.worker.render;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.worker.publish.Provenance;
import java.util.Optional;

/** A sheet being denoised. Render thread only; closing frees what it holds, finished or not. */
public interface Rendering extends AutoCloseable {
  boolean finished();

  int completedSteps();

  /** Steps since {@link PanelSetEngine#start} that reused results of an earlier step. */
  default int reusedSteps() {
    return 0;
  }

  /** Denoises one step; only while not {@link #finished}. */
  void step();

  /**
   * State from which an engine of the same model, device type and step cache goes on. Without a
   * step cache the result is the same bit for bit. Never empty.
   */
  byte[] checkpoint();

  /** A small picture of the sheet as it will be. */
  SheetPixels preview();

  /** The sheet as it is now. */
  SheetPixels decode();

  /** What the sheet is drawn with; empty where the engine does not know. */
  default Optional<Provenance> provenance() {
    return Optional.empty();
  }

  @Override
  void close();
}
