package dev.polyptych.weights.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file that breaks the safetensors format. The message names the file and, if one tensor causes
 * the problem, the tensor.
 */
public final class SafetensorsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SafetensorsException(Path file, String problem) {
    super(file + ": " + problem);
  }

  SafetensorsException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }

  /** Whether the file's content is at fault, so that reading it again gives the same. */
  public boolean lasting() {
    return !(getCause() instanceof IOException) || getCause() instanceof JsonProcessingException;
  }
}
