package dev.polyptych.dispatcher.http;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** Splits a byte stream into lines. Buffers at most one line's limit. Not thread-safe. */
final class LineSplitter {
  /**
   * One line of a batch.
   *
   * @param number 1-based; blank lines count
   * @param bytes without the line's end; empty if the line was too long
   */
  record BatchLine(int number, byte[] bytes, boolean tooLong) {}

  private final int limitBytes;
  private final Consumer<BatchLine> lines;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private boolean tooLong;
  private int ended;

  /**
   * @param lines gets each line that is not blank
   */
  LineSplitter(int limitBytes, Consumer<BatchLine> lines) {
    this.limitBytes = limitBytes;
    this.lines = lines;
  }

  void feed(byte[] chunk) {
    int from = 0;
    for (int at = 0; at < chunk.length; at++) {
      if (chunk[at] == '\n') {
        keep(chunk, from, at);
        end();
        from = at + 1;
      }
    }
    keep(chunk, from, chunk.length);
  }

  /** No more bytes follow. An unfinished line counts as a line. */
  void end() {
    ended++;
    byte[] bytes = begun.toByteArray();
    if (tooLong || !blank(bytes)) {
      lines.accept(new BatchLine(ended, bytes, tooLong));
    }
    begun.reset();
    tooLong = false;
  }

  /** Number of the line that is being read. */
  int line() {
    return ended + 1;
  }

  private void keep(byte[] chunk, int from, int to) {
    tooLong |= begun.size() + to - from > limitBytes;
    if (tooLong) {
      begun.reset();
    } else {
      begun.write(chunk, from, to - from);
    }
  }

  private static boolean blank(byte[] bytes) {
    for (byte each : bytes) {
      if (each != ' ' && each != '\t' && each != '\r') {
        return false;
      }
    }
    return true;
  }
}
