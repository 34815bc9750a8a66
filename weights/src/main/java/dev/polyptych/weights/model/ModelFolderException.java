package dev.polyptych.weights.model;

import java.nio.file.Path;

/**
 * An unusable model folder. The message is one sentence that names the file, the problem and the
 * remedy.
 */
public final class ModelFolderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A problem of a file and what to do about it. */
  public ModelFolderException(Path file, String problem, String remedy) {
    super(file + " " + problem + "; " + remedy);
  }

  /** A whole message, with its cause. */
  public ModelFolderException(String message, Throwable cause) {
    super(message, cause);
  }
}
