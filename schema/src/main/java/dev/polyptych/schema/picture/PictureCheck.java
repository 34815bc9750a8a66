package dev.polyptych.schema.picture;

import java.util.Optional;

/**
 * Checks an untrusted picture before anybody decodes it. A picture that passes is complete, as far
 * as that shows without decoding, and its decoded size is bounded. Dispatchers check each upload,
 * and workers check again what they fetch.
 *
 * <p>The check never fails. It needs as much memory as the file at most, and time for the file's
 * bytes and {@link #MAX_UNPACKED}.
 */
public final class PictureCheck {
  /** Pixels of the longer edge. */
  public static final int MAX_EDGE = 16_384;

  /** The longer edge divided by the shorter: that of the narrowest panel that a layout may have. */
  public static final int MAX_ASPECT = 256;

  /** A decoded picture of this size takes 100 MB. */
  public static final long MAX_PIXELS = 1L << 25;

  /** Bytes of a PNG's rows. A PNG may have up to 8 bytes a pixel. */
  public static final long MAX_UNPACKED = 64L << 20;

  /** Each scan of a JPEG visits all of its pixels. Encoders write about ten. */
  static final int MAX_SCANS = 64;

  private static final String SAVE_AGAIN = "save it again with an image editor";

  private PictureCheck() {}

  /**
   * Why a picture is refused.
   *
   * @param problem continues a sentence that begins with the picture's name
   */
  public record Flaw(String problem, String remedy) {
    /** The picture ends before its end. */
    static Flaw cutOff() {
      return new Flaw("is cut off", "send the whole file");
    }

    /** The file contradicts itself. */
    static Flaw broken(String how) {
      return new Flaw("is broken: " + how, SAVE_AGAIN);
    }

    /** What is wrong and what to do. */
    public String text() {
      return problem + "; " + remedy;
    }
  }

  /** Empty for a picture that may be decoded. Only the decoder itself knows the size of a GIF. */
  public static Optional<Flaw> flaw(PictureFormat format, PictureHeader header, byte[] file) {
    if (format == PictureFormat.GIF) {
      return Optional.empty();
    }
    Optional<Flaw> misfit = misfit(header);
    return misfit.isPresent() ? misfit : structure(format, header, file);
  }

  private static Optional<Flaw> misfit(PictureHeader header) {
    int width = header.width();
    int height = header.height();
    if (width <= 0 || height <= 0) {
      return Optional.of(new Flaw("has a size that can't be read", SAVE_AGAIN));
    }
    if (header.components() == PictureHeader.CMYK) {
      return Optional.of(new Flaw("is a CMYK JPEG", "convert it to RGB"));
    }
    if (header.animated()) {
      return Optional.of(new Flaw("is animated", "save one frame of it as PNG"));
    }
    return size(width, height);
  }

  /** Empty where a picture of this size may be decoded. */
  public static Optional<Flaw> size(int width, int height) {
    int longer = Math.max(width, height);
    int shorter = Math.min(width, height);
    String size = "has %d x %d pixels, ".formatted(width, height);
    if (longer > MAX_EDGE) {
      return Optional.of(
          new Flaw(size + "more than %d along an edge".formatted(MAX_EDGE), "scale it down"));
    }
    if ((long) width * height > MAX_PIXELS) {
      return Optional.of(
          new Flaw(size + "more than %d million".formatted(MAX_PIXELS >> 20), "scale it down"));
    }
    if (longer > (long) MAX_ASPECT * shorter) {
      return Optional.of(
          new Flaw(
              size + "more than %d times as long as wide".formatted(MAX_ASPECT),
              "cut out the part to be seen"));
    }
    return Optional.empty();
  }

  private static Optional<Flaw> structure(PictureFormat format, PictureHeader header, byte[] file) {
    return switch (format) {
      case PNG -> PngFile.flaw(file);
      case JPEG -> JpegFile.flaw(header, file);
      case WEBP -> WebpFile.flaw(header, file);
      case GIF -> Optional.empty();
    };
  }
}
