package dev.polyptych.weights.gguf;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads the numbers and strings of a header, and never beyond it. */
final class GgufInput {
  private final Path file;
  private final ByteBuffer in;
  private final boolean whole;

  /**
   * @param beginning of the file
   * @param whole whether that is all of it
   */
  GgufInput(Path file, ByteBuffer beginning, boolean whole) {
    this.file = file;
    this.in = beginning.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.whole = whole;
  }

  Path file() {
    return file;
  }

  int position() {
    return in.position();
  }

  long unsigned32() {
    try {
      return Integer.toUnsignedLong(in.getInt());
    } catch (BufferUnderflowException end) {
      throw ended();
    }
  }

  /** A number of 64 bits; negative if it is beyond 2^63. */
  long number64() {
    try {
      return in.getLong();
    } catch (BufferUnderflowException end) {
      throw ended();
    }
  }

  /**
   * A number of things that follow.
   *
   * @param bytes that each takes at least
   */
  long count(String what, int bytes, long most) {
    long count = number64();
    if (count < 0 || count > most) {
      throw new GgufException(
          file,
          "has %s %s, at most %d are read".formatted(Long.toUnsignedString(count), what, most),
          GgufException.FETCH);
    }
    if (count > in.remaining() / bytes) {
      throw ended();
    }
    return count;
  }

  String string(String what) {
    int length = (int) count("bytes of " + what, 1, Integer.MAX_VALUE);
    ByteBuffer bytes = in.slice(in.position(), length);
    skip(length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException wrong) {
      throw new GgufException(file, "has a " + what + " that is not UTF-8", GgufException.FETCH);
    }
  }

  void skip(long bytes) {
    if (bytes > in.remaining()) {
      throw ended();
    }
    in.position(in.position() + (int) bytes);
  }

  private GgufException ended() {
    return whole
        ? new GgufException(file, "ends inside its header (truncated?)", GgufException.FETCH)
        : new GgufException(
            file,
            "has a header of more than %d bytes".formatted(in.limit()),
            "use a FLUX.1 transformer or T5, whose headers take about 1 MB");
  }
}
