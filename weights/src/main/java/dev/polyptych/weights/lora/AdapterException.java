package dev.polyptych.weights.lora;

import java.nio.file.Path;

/** An unusable adapter file. The message names the file and its first wrong key. */
public final class AdapterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public AdapterException(Path file, String problem) {
    super(file + ": " + problem);
  }

  public AdapterException(String message, Throwable cause) {
    super(message, cause);
  }
}
