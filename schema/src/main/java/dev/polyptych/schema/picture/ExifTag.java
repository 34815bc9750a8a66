package dev.polyptych.schema.picture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The orientation of a camera (Exif 2.32, tag 0x0112). */
final class ExifTag {
  static final int UPRIGHT = 1;

  private static final int TAG = 0x0112;
  private static final int ENTRY = 12;

  private ExifTag() {}

  /**
   * @param tiff starts at the byte order mark
   * @return 1 to 8; 1 if there is no valid value
   * @throws IndexOutOfBoundsException if the data is cut off
   */
  static int orientation(ByteBuffer tiff) {
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
}
