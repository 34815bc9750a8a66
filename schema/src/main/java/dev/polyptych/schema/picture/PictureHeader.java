package dev.polyptych.schema.picture;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What is known of a picture without decoding it. It is read from the segments of a JPEG (ITU T.81,
 * Exif 2.32), the chunks of a PNG or the first chunk of a WebP. A value that is cut off or invalid
 * keeps its default; the decoder reports the problem. Reading needs constant memory.
 *
 * @param width pixels of a stored row; 0 if unknown
 * @param height stored rows; 0 if unknown
 * @param components colours of a JPEG: 1 grey, 3 colour, 4 CMYK; 0 if unknown
 * @param orientation Exif's, 1 to 8; 1 is upright; from 5 on, width and height are swapped
 * @param animated a PNG or WebP with several frames
 */
public record PictureHeader(
    int width, int height, int components, int orientation, boolean animated) {
  /** JPEGs with this number of components are for print. */
  public static final int CMYK = 4;

  private static final PictureHeader PLAIN = new PictureHeader(0, 0, 0, ExifTag.UPRIGHT, false);

  private static final int PNG_SIGNATURE = 8;
  private static final int IHDR = 0x49484452;
  private static final int ACTL = 0x6163544C;
  private static final int EXIF_CHUNK = 0x65584966;
  private static final int APP1 = 0xE1;
  private static final int START_OF_SCAN = 0xDA;
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

  /** Never fails. */
  public static PictureHeader read(PictureFormat format, byte[] file) {
    return switch (format) {
      case JPEG -> jpeg(ByteBuffer.wrap(file), PLAIN);
      case PNG -> png(ByteBuffer.wrap(file), PLAIN);
      case GIF -> PLAIN;
      case WEBP -> WebpHeader.read(ByteBuffer.wrap(file), PLAIN);
    };
  }

  /** Whether width and height are swapped when the picture is turned upright. */
  public boolean turned() {
    return orientation >= 5;
  }

  private PictureHeader withSize(int wide, int high, int colours) {
    return new PictureHeader(wide, high, colours, orientation, animated);
  }

  private PictureHeader withOrientation(int found) {
    return new PictureHeader(width, height, components, found, animated);
  }

  private static PictureHeader jpeg(ByteBuffer file, PictureHeader begin) {
    PictureHeader header = begin;
    try {
      file.position(2);
      while (true) {
        int marker = file.getShort() & 0xFFFF;
        int length = (file.getShort() & 0xFFFF) - 2;
        if (marker >> 8 != 0xFF || (marker & 255) == START_OF_SCAN || length < 0) {
          return header;
        }
        if ((marker & 255) == APP1 || frame(marker & 255)) {
          header = header.withSegment(marker & 255, file.slice(file.position(), length));
        }
        file.position(file.position() + length);
      }
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException cut) {
      return header;
    }
  }

  private PictureHeader withSegment(int marker, ByteBuffer segment) {
    if (marker == APP1 && segment.limit() > EXIF.length) {
      boolean exif = segment.slice(0, EXIF.length).equals(ByteBuffer.wrap(EXIF));
      ByteBuffer rest = segment.slice(EXIF.length, segment.limit() - EXIF.length);
      return exif ? withOrientation(ExifTag.orientation(rest)) : this;
    }
    return frame(marker)
        ? withSize(segment.getShort(3) & 0xFFFF, segment.getShort(1) & 0xFFFF, segment.get(5) & 255)
        : this;
  }

  /** SOF0 to SOF15, without the three numbers that mean something else. */
  static boolean frame(int marker) {
    return marker >> 4 == 0xC && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static PictureHeader png(ByteBuffer file, PictureHeader begin) {
    PictureHeader header = begin;
    try {
      file.position(PNG_SIGNATURE);
      while (true) {
        int length = file.getInt();
        int chunk = file.getInt();
        // A file may have more than a million chunks.
        if (chunk == IHDR || chunk == ACTL || chunk == EXIF_CHUNK) {
          header = header.withChunk(chunk, file.slice(file.position(), length));
        }
        file.position(Math.addExact(file.position(), length) + 4);
      }
    } catch (BufferUnderflowException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | ArithmeticException end) {
      return header;
    }
  }

  private PictureHeader withChunk(int chunk, ByteBuffer data) {
    return switch (chunk) {
      case IHDR -> withSize(data.getInt(0), data.getInt(4), components);
      case ACTL -> new PictureHeader(width, height, components, orientation, data.getInt() > 1);
      case EXIF_CHUNK -> withOrientation(ExifTag.orientation(data));
      default -> this;
    };
  }
}
