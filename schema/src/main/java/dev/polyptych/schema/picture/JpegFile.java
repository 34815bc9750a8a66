package dev.polyptych.schema.picture;

import dev.polyptych.schema.picture.PictureCheck.Flaw;
import java.util.Optional;

/** The segments of a JPEG (ITU T.81), up to its end marker. */
final class JpegFile {
  private static final int START_OF_SCAN = 0xDA;
  private static final int END_OF_IMAGE = 0xD9;

  /** Pixels along an edge of what is coded together. */
  private static final int BLOCK = 8;

  private final byte[] file;
  private int at = 2;
  private int frames;
  private int scans;
  private long coded;

  private JpegFile(byte[] file) {
    this.file = file;
  }

  static Optional<Flaw> flaw(PictureHeader header, byte[] file) {
    try {
      return new JpegFile(file).walk(header);
    } catch (ArrayIndexOutOfBoundsException end) {
      return Optional.of(Flaw.cutOff());
    }
  }

  /**
   * @throws ArrayIndexOutOfBoundsException where the file ends too early
   */
  private Optional<Flaw> walk(PictureHeader header) {
    while (true) {
      int marker = marker();
      if (marker == END_OF_IMAGE) {
        return end(header);
      }
      if (alone(marker)) {
        continue;
      }
      int length = byteAt(at) << 8 | byteAt(at + 1);
      if (length < 2) {
        return Optional.of(Flaw.broken("a segment has no length"));
      }
      if (PictureHeader.frame(marker)) {
        frames++;
        if (marker > 0xC2 || byteAt(at + 2) != 8 || (byteAt(at + 7) & ~2) != 1) {
          return Optional.of(
              new Flaw("is a JPEG of a rare kind", "save it as an ordinary JPEG or PNG"));
        }
      }
      at += length;
      if (marker == START_OF_SCAN) {
        scans++;
        skipCoded();
      }
      if (frames > 1 || scans > PictureCheck.MAX_SCANS) {
        return Optional.of(Flaw.broken("it has too many frames or scans"));
      }
    }
  }

  private Optional<Flaw> end(PictureHeader header) {
    long blocks = (long) Math.ceilDiv(header.width(), BLOCK) * Math.ceilDiv(header.height(), BLOCK);
    // A block takes a bit at least.
    return frames == 0 || scans == 0 || coded * 8 < blocks
        ? Optional.of(Flaw.broken("it has fewer pixels than its header says"))
        : Optional.empty();
  }

  private int marker() {
    while (byteAt(at) != 0xFF) {
      at++;
    }
    while (byteAt(at) == 0xFF) {
      at++;
    }
    return byteAt(at++);
  }

  private void skipCoded() {
    int begin = at;
    while (byteAt(at) != 0xFF || byteAt(at + 1) == 0 || restart(byteAt(at + 1))) {
      at++;
    }
    coded += at - begin;
  }

  private static boolean alone(int marker) {
    return marker <= 1 || restart(marker) || marker == 0xD8;
  }

  private static boolean restart(int marker) {
    return marker >> 3 == 0xD0 >> 3;
  }

  private int byteAt(int place) {
    return file[place] & 255;
  }
}
