package dev.polyptych.worker.image;

import dev.polyptych.worker.sheet.SheetPixels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How a camera was held, and how to turn its picture upright (Exif 2.32, tag 0x0112). */
final class ExifOrientation {
  private static final int TAG = 0x0112;
  private static final int ENTRY = 12;
  private static final int UPRIGHT = 1;

  private ExifOrientation() {}

  /**
   * @param tiff from the byte order mark on
   * @return 1 to 8; 1 when it says nothing sensible
   * @throws IndexOutOfBoundsException when it is cut off
   */
  static int of(ByteBuffer tiff) {
    ByteBuffer data =
        tiff.slice().order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = data.getInt(4);
    int entries = data.getShort(directory) & 0xFFFF;
    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + ENTRY * i;
      if ((data.getShort(entry) & 0xFFFF) == TAG) {
        int value = data.getShort(entry + 8);
        return value >= UPRIGHT && value <= 8 ? value : UPRIGHT;
      }
    }
    return UPRIGHT;
  }

  /** The picture as it was seen. */
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

  /** Where the upright picture's pixel lies in the stored one. */
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
