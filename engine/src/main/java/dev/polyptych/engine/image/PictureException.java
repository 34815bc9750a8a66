package dev.polyptych.engine.image;

/** An unusable picture. The message names the file, the problem and the remedy. */
public final class PictureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PictureException(String file, String problem, String remedy) {
    super(file + " " + problem + "; " + remedy);
  }

  PictureException(String file, String problem, String remedy, Throwable cause) {
    super(file + " " + problem + "; " + remedy, cause);
  }
}
