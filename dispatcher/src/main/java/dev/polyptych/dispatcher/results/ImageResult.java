package dev.polyptych.dispatcher.results;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.ImageFormat;

/** What became of a question for an image. */
public sealed interface ImageResult {
  /**
   * @param digest SHA-256 of the bytes in hexadecimal
   */
  record Found(byte[] bytes, ImageFormat format, String digest) implements ImageResult {}

  /** There is none to be had, and why. */
  record Absent(ErrorCode code, String detail) implements ImageResult {}
}
