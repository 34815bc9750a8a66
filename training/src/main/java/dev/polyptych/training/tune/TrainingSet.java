package dev.polyptych.training.tune;

import dev.polyptych.engine.sheet.SheetPixels;
import java.util.function.Supplier;

/**
 * One captioned panel set.
 *
 * @param name of its folder or file, for messages
 * @param caption of the whole sheet, with the task's markers
 * @param pixels makes the sheet of the task's layout, reading its files anew each time: a hundred
 *     decoded sheets would fill gigabytes, and each is needed once, to be encoded
 */
public record TrainingSet(String name, String caption, Supplier<SheetPixels> pixels) {
  /** The sheet, panels without gaps. */
  public SheetPixels sheet() {
    return pixels.get();
  }
}
