package dev.polyptych.engine.sheet;

/**
 * A picture in memory: a sheet, or a panel cut from one.
 *
 * @param rgb red, green, blue of each pixel, from left to right and top to bottom; not copied, so
 *     callers must not write to it afterwards
 */
public record SheetPixels(int width, int height, byte[] rgb) {
  /** Bytes of one pixel: red, green, blue. */
  public static final int BYTES_A_PIXEL = 3;

  /**
   * @throws IllegalArgumentException if the number of bytes does not fit width and height
   */
  public SheetPixels {
    if (rgb.length != (long) BYTES_A_PIXEL * width * height) {
      throw new IllegalArgumentException(
          rgb.length + " bytes are no picture of " + width + " x " + height + " pixels");
    }
  }
}
