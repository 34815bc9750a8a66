package dev.polyptych.dispatcher.results;

import dev.polyptych.schema.error.ErrorCode;

/** The outcome of a request for a receipt. */
public sealed interface ReceiptResult {
  /**
   * The receipt exists.
   *
   * @param json a {@link dev.polyptych.schema.job.Receipt}
   */
  record Found(byte[] json) implements ReceiptResult {}

  /** The receipt is not available, and the reason. */
  record Absent(ErrorCode code, String detail) implements ReceiptResult {}
}
