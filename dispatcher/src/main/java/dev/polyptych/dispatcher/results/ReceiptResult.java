package dev.polyptych.dispatcher.results;

import dev.polyptych.schema.error.ErrorCode;

/** What became of a question for a receipt. */
public sealed interface ReceiptResult {
  /**
   * It is there.
   *
   * @param json a {@link dev.polyptych.schema.job.Receipt}
   */
  record Found(byte[] json) implements ReceiptResult {}

  /** There is none to be had, and why. */
  record Absent(ErrorCode code, String detail) implements ReceiptResult {}
}
