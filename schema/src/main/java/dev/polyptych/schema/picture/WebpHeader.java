package dev.polyptych.schema.picture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The first chunk of a WebP (RFC 9649): that of the extended format, or that of the picture itself.
 * The orientation is not read, because encoders turn a WebP upright.
 */
final class WebpHeader {
  private static final int CHUNK = 12;
  private static final int DATA = 20;
  private static final int LOSSY_SIZE = DATA + 6;
  private static final int LOSSLESS_SIZE = DATA + 1;
  private static final int CANVAS = DATA + 4;
  private static final int ANIMATED = 0x02;
  private static final int FOURTEEN_BITS = 0x3FFF;
  private static final int TWENTY_FOUR_BITS = 0xFFFFFF;

  private WebpHeader() {}

  /**
   * @param unknown returned if the file is cut off or invalid
   */
  static PictureHeader read(ByteBuffer file, PictureHeader unknown) {
    ByteBuffer data = file.order(ByteOrder.LITTLE_ENDIAN);
    try {
      return switch (StandardCharsets.US_ASCII.decode(data.slice(CHUNK, 4)).toString()) {
        case "VP8X" -> extended(data);
        case "VP8 " -> lossy(data.getInt(LOSSY_SIZE));
        case "VP8L" -> lossless(data.getInt(LOSSLESS_SIZE));
        default -> unknown;
      };
    } catch (IndexOutOfBoundsException cut) {
      return unknown;
    }
  }

  private static PictureHeader extended(ByteBuffer data) {
    int width = 1 + (data.getInt(CANVAS) & TWENTY_FOUR_BITS);
    int height = 1 + (data.getInt(CANVAS + 2) >>> 8);
    return header(width, height, (data.get(DATA) & ANIMATED) != 0);
  }

  static PictureHeader lossy(int size) {
    return header(size & FOURTEEN_BITS, size >>> 16 & FOURTEEN_BITS, false);
  }

  static PictureHeader lossless(int size) {
    return header(1 + (size & FOURTEEN_BITS), 1 + (size >>> 14 & FOURTEEN_BITS), false);
  }

  private static PictureHeader header(int width, int height, boolean animated) {
    return new PictureHeader(width, height, 0, ExifTag.UPRIGHT, animated);
  }
}
