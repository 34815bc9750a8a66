package dev.polyptych.engine.sheet;

/**
 * A picture in memory: a sheet, or a panel cut from one.
 *
 * @param rgb rows from the top, pixels from the left, 3 bytes each; not copied, so never written
 *     once it is here
 */
public record SheetPixels(int width, int height, byte[] rgb) {
  public static final int BYTES_A_PIXEL = 3;

  public SheetPixels {
    if (rgb.length != BYTES_A_PIXEL * width * height) {
      throw new IllegalArgumentException(
          rgb.length + " bytes are no picture of " + width + " x " + height + " pixels");
    }
  }
}
