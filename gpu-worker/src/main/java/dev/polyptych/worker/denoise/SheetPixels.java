package dev.polyptych.worker.denoise;

/**
 * A decoded sheet.
 *
 * @param rgb rows from the top, pixels from the left, red, green, blue; {@code 3 * width * height}
 *     bytes, not copied
 */
public record SheetPixels(int width, int height, byte[] rgb) {
  public SheetPixels {
    if (rgb.length != 3 * width * height) {
      throw new IllegalArgumentException(
          rgb.length + " bytes are no " + width + "x" + height + " picture");
    }
  }
}
