package dev.polyptych.schema.picture;

import dev.polyptych.schema.picture.PictureCheck.Flaw;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The chunks of a WebP (RFC 9649). */
final class WebpFile {
  private static final int LENGTH = 4;
  private static final int FIRST_CHUNK = 12;
  private static final int CHUNK_HEADER = 8;
  private static final int LOSSY = 0x20385056;
  private static final int LOSSLESS = 0x4C385056;

  /** Bytes of a lossy frame before its first partition, and of a lossless one before its data. */
  private static final int LOSSY_HEADER = 10;

  private static final int LOSSLESS_HEADER = 5;

  private WebpFile() {}

  /**
   * @param header with the size that the first chunk tells
   */
  static Optional<Flaw> flaw(PictureHeader header, byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long end = LENGTH + 4 + Integer.toUnsignedLong(bytes.getInt(LENGTH));
    if (end > file.length) {
      return Optional.of(Flaw.cutOff());
    }
    long at = FIRST_CHUNK;
    while (end - at >= CHUNK_HEADER) {
      int type = bytes.getInt((int) at);
      long length = Integer.toUnsignedLong(bytes.getInt((int) at + 4));
      int data = (int) at + CHUNK_HEADER;
      at = data + length + (length & 1);
      if (data + length > end) {
        return Optional.of(Flaw.cutOff());
      }
      if (type == LOSSY || type == LOSSLESS) {
        return picture(header, bytes, type, data, length);
      }
    }
    return Optional.of(Flaw.broken("it has no picture"));
  }

  private static Optional<Flaw> picture(
      PictureHeader header, ByteBuffer bytes, int type, int data, long length) {
    boolean lossy = type == LOSSY;
    if (length < (lossy ? LOSSY_HEADER : LOSSLESS_HEADER)) {
      return Optional.of(Flaw.cutOff());
    }
    PictureHeader own =
        lossy
            ? WebpHeader.lossy(bytes.getInt(data + 6))
            : WebpHeader.lossless(bytes.getInt(data + 1));
    if (own.width() != header.width() || own.height() != header.height()) {
      return Optional.of(Flaw.broken("its chunks tell different sizes"));
    }
    // Nineteen bits after the flags are the length of the first partition (RFC 6386, 9.1).
    int partition = (bytes.getInt(data) & 0xFFFFFF) >> 5;
    return lossy && partition > length - LOSSY_HEADER
        ? Optional.of(Flaw.cutOff())
        : Optional.empty();
  }
}
