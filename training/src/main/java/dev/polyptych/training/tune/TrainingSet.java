package dev.polyptych.training.tune;

import dev.polyptych.engine.sheet.SheetPixels;
import java.util.function.Supplier;

/**
 * One captioned panel set.
 *
 * @param name name of its folder or file, for messages
 * @param caption caption of the whole sheet, with the task's markers
 * @param pixels reads the files and builds the sheet of the task's layout at each call; a hundred
 *     decoded sheets would take gigabytes, and each is needed only once
 */
public record TrainingSet(String name, String caption, Supplier<SheetPixels> pixels) {
  /** The sheet, panels without gaps. */
  public SheetPixels sheet() {
    return pixels.get();
  }
}
