package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.http.LineSplitter.BatchLine;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.ZipException;

/**
 * The body of a batch, plain or packed. It reads a part at a time: a chunk as it came, or {@link
 * #PART_BYTES} of what it unpacks to. Not thread-safe.
 */
final class BatchBody implements AutoCloseable {
  /** 26 KB for each of 10,000 lines. */
  static final long MOST_UNPACKED_BYTES = 256L << 20;

  /** Blank ones included: they cost time, and a small packed body may have millions. */
  static final int MOST_LINES = 100_000;

  private static final int PART_BYTES = 16 * 1024;

  private final LineSplitter lines;
  private final Optional<GzipParts> gzip;
  private final byte[] part = new byte[PART_BYTES];
  private byte[] chunk = {};
  private long unpacked;

  /** What a part was. */
  sealed interface Part {
    /** Its lines were passed on. */
    record Lines() implements Part {}

    /** There is none until the next chunk. */
    record Starved() implements Part {}

    /** The body can't be read on. */
    record Broken(Problem problem) implements Part {}
  }

  /**
   * @param packed whether it is a gzip stream
   * @param limitBytes the largest size of a line
   * @param lines gets each line that is not blank
   */
  BatchBody(boolean packed, int limitBytes, Consumer<BatchLine> lines) {
    this.lines = new LineSplitter(limitBytes, lines);
    this.gzip = packed ? Optional.of(new GzipParts()) : Optional.empty();
  }

  /** The next bytes. Call it only while starved. */
  void feed(byte[] next) {
    chunk = next;
    gzip.ifPresent(stream -> stream.feed(next));
  }

  Part read() {
    Part read = gzip.isPresent() ? unpack(gzip.get()) : split();
    return lines.line() <= MOST_LINES
        ? read
        : tooLarge("a batch may have %d lines, blank ones included".formatted(MOST_LINES));
  }

  private Part split() {
    if (chunk.length == 0) {
      return new Part.Starved();
    }
    lines.feed(chunk);
    chunk = new byte[0];
    return new Part.Lines();
  }

  /** No more bytes follow. A problem if there should. */
  Optional<Problem> end() {
    try {
      if (gzip.isPresent()) {
        gzip.get().end();
      }
      lines.end();
      return Optional.empty();
    } catch (ZipException broken) {
      return Optional.of(broken(broken));
    }
  }

  /** Number of the line that is being read. */
  int line() {
    return lines.line();
  }

  @Override
  public void close() {
    gzip.ifPresent(GzipParts::close);
  }

  private Part unpack(GzipParts stream) {
    try {
      int count = stream.read(part);
      unpacked += count;
      if (unpacked > MOST_UNPACKED_BYTES) {
        return tooLarge("a batch may have %d bytes when unpacked".formatted(MOST_UNPACKED_BYTES));
      }
      lines.feed(Arrays.copyOf(part, count));
      return count == 0 ? new Part.Starved() : new Part.Lines();
    } catch (ZipException broken) {
      return new Part.Broken(broken(broken));
    }
  }

  private static Part tooLarge(String why) {
    return new Part.Broken(
        Problem.of(
            ErrorCode.BODY_TOO_LARGE,
            why + "; send the rest, from this line on, as another batch"));
  }

  private static Problem broken(ZipException broken) {
    return Problem.of(
        ErrorCode.MALFORMED_JSON,
        "the gzip stream can't be unpacked: %s; send the rest, from this line on, again"
            .formatted(broken.getMessage()));
  }
}
