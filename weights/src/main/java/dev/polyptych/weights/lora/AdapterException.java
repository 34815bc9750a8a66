package dev.polyptych.weights.lora;

import java.nio.file.Path;

/** An unusable adapter file. The message names the file and its first wrong key. */
public final class AdapterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A problem of a file. */
  public AdapterException(Path file, String problem) {
    super(file + ": " + problem);
  }

  /** A whole message, with its cause. */
  public AdapterException(String message, Throwable cause) {
    super(message, cause);
  }
}
