package dev.polyptych.weights.gguf;

import java.io.IOException;
import java.nio.file.Path;

/** A GGUF file that can't be read. The message names the file, the problem and the remedy. */
public final class GgufException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final String FETCH = "download this file again";

  GgufException(Path file, String problem, String remedy) {
    super(file + ": " + problem + "; " + remedy);
  }

  GgufException(Path file, String problem, IOException cause) {
    super(file + ": " + problem + ": " + cause + "; check the path", cause);
  }
}
