package dev.polyptych.training.tune;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files of a run. All lie in the adapter's folder.
 *
 * @param adapter path of the adapter; ends in {@code .safetensors}
 */
public record TuningFiles(Path adapter) {
  private static final String ENDING = ".safetensors";

  public TuningFiles {
    String name = adapter.getFileName() == null ? "" : adapter.getFileName().toString();
    if (!name.endsWith(ENDING) || name.length() == ENDING.length()) {
      throw new IllegalArgumentException(
          adapter
              + " is not a valid adapter file; use a name like adapters/film-storyboard"
              + ENDING);
    }
  }

  /**
   * Checks whether a checkpoint exists exactly if the caller wants to resume.
   *
   * @throws TuningException if there is nothing to resume, or if a new run would overwrite a
   *     checkpoint
   */
  public void checkResuming(boolean resuming) {
    boolean stopped = Files.exists(checkpoint());
    if (resuming && !stopped) {
      throw new TuningException(
          "there is no " + checkpoint() + " to resume; omit --resume to start at step 1");
    }
    if (!resuming && stopped) {
      throw new TuningException(
          checkpoint()
              + " belongs to a stopped run; continue it with --resume, or delete it to start"
              + " at step 1");
    }
  }

  /** The adapter's name in a catalog. */
  public String name() {
    String file = adapter.getFileName().toString();
    return file.substring(0, file.length() - ENDING.length());
  }

  /** The checkpoint of a stopped run. */
  public Path checkpoint() {
    return adapter.resolveSibling(name() + ".checkpoint");
  }

  /** The losses as a table. */
  public Path losses() {
    return adapter.resolveSibling(name() + ".loss.csv");
  }

  /** The losses as a picture. */
  public Path curve() {
    return adapter.resolveSibling(name() + ".loss.svg");
  }

  /** A catalog with only the adapter's task. */
  public Path catalog() {
    return adapter.resolveSibling(name() + ".yaml");
  }
}
