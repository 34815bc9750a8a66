package dev.polyptych.dispatcher.results;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.ImageFormat;
import dev.polyptych.store.objects.StoredObject;
import java.net.URI;

/** The outcome of a request for an image. */
public sealed interface ImageResult {
  /**
   * @param digest SHA-256 of the bytes in hexadecimal
   */
  record Found(byte[] bytes, ImageFormat format, String digest) implements ImageResult {}

  /**
   * The image is in the object store and open. Who gets this closes it.
   *
   * @param digest SHA-256 of the bytes in hexadecimal
   */
  record Opened(StoredObject object, ImageFormat format, String digest) implements ImageResult {}

  /** The image is in the object store, and anybody may read it at this link for some minutes. */
  record Linked(URI link) implements ImageResult {}

  /** The image is not available, and the reason. */
  record Absent(ErrorCode code, String detail) implements ImageResult {}
}
