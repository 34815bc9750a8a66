package dev.polyptych.schema.picture;

import dev.polyptych.schema.picture.PictureCheck.Flaw;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The chunks of a PNG (PNG specification, third edition). Unpacks the rows to nowhere, so that a
 * picture with fewer rows than its header promises is found.
 */
final class PngFile {
  private static final int SIGNATURE = 8;
  private static final int HEADER = 0x49484452;
  private static final int PALETTE = 0x504C5445;
  private static final int DATA = 0x49444154;
  private static final int END = 0x49454E44;
  private static final int HEADER_BYTES = 13;

  /** Length, type and checksum. */
  private static final int FRAME = 12;

  private static final int INDEXED = 3;
  private static final int BUFFER = 1 << 16;

  /** First column, first row and distances of Adam7's passes. */
  private static final int[][] PASSES = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private PngFile() {}

  static Optional<Flaw> flaw(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    int at = SIGNATURE;
    long rows = 0;
    boolean indexed = false;
    boolean palette = false;
    byte[] packed = new byte[file.length];
    int filled = 0;
    while (file.length - at >= FRAME) {
      int length = bytes.getInt(at);
      int type = bytes.getInt(at + 4);
      if (length < 0 || length > file.length - at - FRAME) {
        return Optional.of(Flaw.cutOff());
      }
      int data = at + 8;
      at += FRAME + length;
      if (rows == 0) {
        Optional<Flaw> flaw = header(bytes, data, type, length);
        if (flaw.isPresent()) {
          return flaw;
        }
        indexed = file[data + 9] == INDEXED;
        rows = rowBytes(bytes, data);
      } else if (type == HEADER) {
        return Optional.of(Flaw.broken("it has two headers"));
      } else if (type == PALETTE) {
        palette = true;
      } else if (type == DATA) {
        System.arraycopy(file, data, packed, filled, length);
        filled += length;
      } else if (type == END) {
        return indexed && !palette
            ? Optional.of(Flaw.broken("it has no palette"))
            : rows(packed, filled, rows);
      }
    }
    return Optional.of(Flaw.cutOff());
  }

  private static Optional<Flaw> header(ByteBuffer bytes, int data, int type, int length) {
    if (type != HEADER || length != HEADER_BYTES) {
      return Optional.of(Flaw.broken("it does not begin with a header"));
    }
    int depth = bytes.get(data + 8);
    int colours = bytes.get(data + 9);
    boolean known =
        switch (colours) {
          case 0 -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case INDEXED -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case 2, 4, 6 -> depth == 8 || depth == 16;
          default -> false;
        };
    if (!known || bytes.getShort(data + 10) != 0 || (bytes.get(data + 12) & ~1) != 0) {
      return Optional.of(Flaw.broken("its header has unknown values"));
    }
    return rowBytes(bytes, data) > PictureCheck.MAX_UNPACKED
        ? Optional.of(
            new Flaw(
                "has more than %d MiB of pixels".formatted(PictureCheck.MAX_UNPACKED >> 20),
                "scale it down, save it with 8 bits a channel or save it as JPEG"))
        : Optional.empty();
  }

  /** Bytes of all rows, with a filter byte before each. */
  private static long rowBytes(ByteBuffer bytes, int data) {
    int width = bytes.getInt(data);
    int height = bytes.getInt(data + 4);
    int channels =
        switch (bytes.get(data + 9)) {
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> 1;
        };
    long bits = (long) bytes.get(data + 8) * channels;
    int[][] passes = bytes.get(data + 12) == 1 ? PASSES : new int[][] {{0, 0, 1, 1}};
    long sum = 0;
    for (int[] pass : passes) {
      long columns = Math.ceilDiv(Math.max(0, width - pass[0]), pass[2]);
      long rows = Math.ceilDiv(Math.max(0, height - pass[1]), pass[3]);
      sum += columns == 0 ? 0 : rows * (1 + Math.ceilDiv(columns * bits, 8));
    }
    return sum;
  }

  private static Optional<Flaw> rows(byte[] packed, int length, long expected) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed, 0, length);
      byte[] buffer = new byte[BUFFER];
      long left = expected;
      while (left > 0) {
        int unpacked = inflater.inflate(buffer, 0, (int) Math.min(BUFFER, left));
        if (unpacked == 0) {
          return Optional.of(Flaw.broken("it has fewer pixels than its header says"));
        }
        left -= unpacked;
      }
      return Optional.empty();
    } catch (DataFormatException invalid) {
      return Optional.of(Flaw.broken("its pixels can't be unpacked"));
    } finally {
      inflater.end();
    }
  }
}
