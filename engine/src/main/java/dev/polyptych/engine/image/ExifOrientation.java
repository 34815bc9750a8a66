package dev.polyptych.engine.image;

import dev.polyptych.engine.sheet.SheetPixels;

/** Turns pictures upright (Exif 2.32, tag 0x0112). */
final class ExifOrientation {
  private static final int UPRIGHT = 1;

  private ExifOrientation() {}

  /** The upright picture. */
  static SheetPixels upright(SheetPixels stored, int orientation) {
    if (orientation == UPRIGHT) {
      return stored;
    }
    boolean turned = orientation >= 5;
    int width = turned ? stored.height() : stored.width();
    int height = turned ? stored.width() : stored.height();
    byte[] rgb = new byte[stored.rgb().length];
    for (int i = 0; i < rgb.length; i++) {
      int pixel = i / SheetPixels.BYTES_A_PIXEL;
      int source = source(stored, orientation, pixel % width, pixel / width);
      int colour = i % SheetPixels.BYTES_A_PIXEL;
      rgb[i] = stored.rgb()[source * SheetPixels.BYTES_A_PIXEL + colour];
    }
    return new SheetPixels(width, height, rgb);
  }

  /** Index in the stored picture of a pixel of the upright one. */
  private static int source(SheetPixels stored, int orientation, int x, int y) {
    boolean turned = orientation >= 5;
    int column = turned ? y : x;
    int row = turned ? x : y;
    boolean fromRight =
        orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    boolean fromBottom =
        orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    int sourceColumn = fromRight ? stored.width() - 1 - column : column;
    int sourceRow = fromBottom ? stored.height() - 1 - row : row;
    return sourceRow * stored.width() + sourceColumn;
  }
}
