package dev.polyptych.weights.safetensors;

import java.nio.file.Path;

/**
 * A file that is not what the safetensors format says; the message names the file and, where one is
 * to blame, the tensor.
 */
public final class SafetensorsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SafetensorsException(Path file, String problem) {
    super(file + ": " + problem);
  }

  SafetensorsException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }
}
