package dev.polyptych.cli.command;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks the places that a command writes to before it spends minutes on what it writes. */
final class Writable {
  private Writable() {}

  /**
   * Makes the folder if there is none.
   *
   * @param option that names it
   * @throws IllegalStateException with the remedy
   */
  static void folder(String option, Path folder) {
    try {
      Files.createDirectories(folder);
      // Writes: what the access rights say is not what a full or read-only file system does.
      Files.delete(Files.createTempFile(folder, ".polyptych", null));
    } catch (IOException unusable) {
      throw refusal(option, folder, unusable);
    }
  }

  /**
   * A file that is there already is left as it is.
   *
   * @param option that names it
   * @throws IllegalStateException with the remedy
   */
  static void file(String option, Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      throw new IllegalStateException(
          "%s: %s is a folder: name a file in it".formatted(option, file));
    }
    if (!Files.isDirectory(folder)) {
      throw new IllegalStateException(
          "%s: there is no folder %s: make it, or name another file".formatted(option, folder));
    }
    if (!Files.exists(file)) {
      folder(option, folder);
    } else if (!Files.isWritable(file)) {
      throw new IllegalStateException(
          "%s: can't write %s: name another file".formatted(option, file));
    }
  }

  private static IllegalStateException refusal(String option, Path folder, IOException unusable) {
    String reason =
        unusable instanceof FileSystemException file && file.getReason() != null
            ? file.getReason()
            : unusable.getClass().getSimpleName();
    return new IllegalStateException(
        "%s: can't write the folder %s (%s): name another one".formatted(option, folder, reason),
        unusable);
  }
}
