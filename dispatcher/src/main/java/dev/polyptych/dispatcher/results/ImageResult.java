package dev.polyptych.dispatcher.results;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.ImageFormat;

/** The outcome of a request for an image. */
public sealed interface ImageResult {
  /**
   * @param digest SHA-256 of the bytes in hexadecimal
   */
  record Found(byte[] bytes, ImageFormat format, String digest) implements ImageResult {}

  /** The image is not available, and the reason. */
  record Absent(ErrorCode code, String detail) implements ImageResult {}
}
