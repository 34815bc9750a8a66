package dev.polyptych.worker.render;

import dev.polyptych.worker.sheet.SheetPixels;

/** A sheet being denoised. Render thread only; closing frees what it holds, finished or not. */
public interface Rendering extends AutoCloseable {
  boolean finished();

  int completedSteps();

  /** Denoises one step; only while not {@link #finished}. */
  void step();

  /**
   * What an engine of the same model and device type goes on from, to the same bits; never empty.
   */
  byte[] checkpoint();

  /** A small picture of what the sheet is going to be. */
  SheetPixels preview();

  /** The sheet as it is now. */
  SheetPixels decode();

  @Override
  void close();
}
