package dev.polyptych.training.tune;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a run writes, all beside the adapter.
 *
 * @param adapter ends in {@code .safetensors}
 */
public record TuningFiles(Path adapter) {
  private static final String ENDING = ".safetensors";

  public TuningFiles {
    String name = adapter.getFileName() == null ? "" : adapter.getFileName().toString();
    if (!name.endsWith(ENDING) || name.length() == ENDING.length()) {
      throw new IllegalArgumentException(
          adapter + " is no name for an adapter; give one like adapters/film-storyboard" + ENDING);
    }
  }

  /**
   * Checks, before anything is loaded, that a run begins where its caller thinks it does.
   *
   * @throws TuningException if there is nothing to resume, or what would be lost by not resuming
   */
  public void checkResuming(boolean resuming) {
    boolean stopped = Files.exists(checkpoint());
    if (resuming && !stopped) {
      throw new TuningException(
          "there is no " + checkpoint() + " to resume; leave --resume out to begin at step 1");
    }
    if (!resuming && stopped) {
      throw new TuningException(
          checkpoint()
              + " is of a run that was stopped; go on from it with --resume, or delete it to begin"
              + " at step 1");
    }
  }

  /** The adapter's name, as a catalog has it. */
  public String name() {
    String file = adapter.getFileName().toString();
    return file.substring(0, file.length() - ENDING.length());
  }

  /** What a run that was stopped goes on from. */
  public Path checkpoint() {
    return adapter.resolveSibling(name() + ".checkpoint");
  }

  /** Losses as a table. */
  public Path losses() {
    return adapter.resolveSibling(name() + ".loss.csv");
  }

  /** Losses as a picture. */
  public Path curve() {
    return adapter.resolveSibling(name() + ".loss.png");
  }

  /** The adapter's task as a catalog of its own. */
  public Path catalog() {
    return adapter.resolveSibling(name() + ".yaml");
  }
}
