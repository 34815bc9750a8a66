package dev.polyptych.dispatcher.http;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Unpacks a gzip body (RFC 1952) part by part, so that a small body can't take much memory. The
 * JDK's and Netty's readers either block or unpack all that they are given. Not thread-safe.
 */
final class GzipParts implements AutoCloseable {
  /** A header may hold a file name and a comment of any length. */
  private static final int LONGEST_HEADER = 128 * 1024;

  private static final int FIXED_HEADER = 10;
  private static final int TRAILER = 8;
  private static final int CHECKSUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();

  /** The beginning of a header or trailer. */
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

  private Place place = Place.HEADER;
  private boolean any;
  private byte[] packed = {};
  private int at;

  private enum Place {
    HEADER,
    DATA,
    TRAILER
  }

  /** The next bytes of the body. Call it only after {@link #read} has returned 0. */
  void feed(byte[] chunk) {
    packed = chunk;
    at = 0;
  }

  /**
   * Unpacks as much as fits.
   *
   * @return how many bytes; 0 if all that was fed is used up
   * @throws ZipException saying what is wrong with the body
   */
  int read(byte[] into) throws ZipException {
    int count = 0;
    while (count == 0 && at < packed.length) {
      switch (place) {
        case HEADER -> readHeader();
        case DATA -> count = inflate(into);
        case TRAILER -> readTrailer();
      }
    }
    return count;
  }

  /** The body has ended. */
  void end() throws ZipException {
    if (!any || place != Place.HEADER || begun.size() > 0) {
      throw new ZipException("it ends too early");
    }
  }

  @Override
  public void close() {
    inflater.end();
  }

  private void readHeader() throws ZipException {
    begun.write(packed[at++]);
    int length = headerLength(begun.toByteArray());
    if (length == begun.size()) {
      begun.reset();
      any = true;
      place = Place.DATA;
    } else if (begun.size() > LONGEST_HEADER) {
      throw new ZipException("its header is too long");
    }
  }

  private int inflate(byte[] into) throws ZipException {
    try {
      inflater.setInput(packed, at, packed.length - at);
      int count = inflater.inflate(into);
      at = packed.length - inflater.getRemaining();
      crc.update(into, 0, count);
      if (inflater.finished()) {
        place = Place.TRAILER;
      } else if (inflater.needsDictionary()) {
        throw new ZipException("it needs a dictionary");
      }
      return count;
    } catch (DataFormatException broken) {
      throw new ZipException(broken.getMessage() == null ? "it is damaged" : broken.getMessage());
    }
  }

  private void readTrailer() throws ZipException {
    begun.write(packed[at++]);
    if (begun.size() == TRAILER) {
      byte[] trailer = begun.toByteArray();
      if (number(trailer, 0) != (int) crc.getValue()
          || number(trailer, 4) != (int) inflater.getBytesWritten()) {
        throw new ZipException("its checksum is wrong");
      }
      begun.reset();
      crc.reset();
      inflater.reset();
      place = Place.HEADER;
    }
  }

  /** Length of the header; -1 while it is not complete. */
  private static int headerLength(byte[] header) throws ZipException {
    if (header.length < FIXED_HEADER) {
      return -1;
    }
    int flags = header[3];
    if (header[0] != 0x1f
        || header[1] != (byte) 0x8b
        || header[2] != 8
        || (flags & RESERVED) != 0) {
      throw new ZipException("it has no gzip header");
    }
    int length = FIXED_HEADER;
    if ((flags & EXTRA) != 0) {
      length = header.length < length + 2 ? -1 : length + 2 + (number(header, length - 2) >>> 16);
    }
    length = (flags & NAME) == 0 ? length : afterText(header, length);
    length = (flags & COMMENT) == 0 ? length : afterText(header, length);
    return length < 0 || (flags & CHECKSUM) == 0 ? length : length + 2;
  }

  /** The place after a text that ends with a zero; -1 if it does not end. */
  private static int afterText(byte[] bytes, int from) {
    for (int i = from; i >= 0 && i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return i + 1;
      }
    }
    return -1;
  }

  /** Four bytes, the lowest first. */
  private static int number(byte[] bytes, int from) {
    return (bytes[from] & 255)
        | (bytes[from + 1] & 255) << 8
        | (bytes[from + 2] & 255) << 16
        | (bytes[from + 3] & 255) << 24;
  }
}
