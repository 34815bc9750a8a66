package dev.polyptych.weights.lora;

import java.nio.file.Path;

/** An adapter file that can't be drawn with; the message names the file and its first wrong key. */
public final class AdapterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public AdapterException(Path file, String problem) {
    super(file + ": " + problem);
  }

  public AdapterException(String message, Throwable cause) {
    super(message, cause);
  }
}
