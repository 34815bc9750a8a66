package dev.polyptych.training.tune;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;

/**
 * Writes files atomically: under another name first, then moved. Readers never see a partial file.
 */
final class WholeFile {
  private WholeFile() {}

  /**
   * Replaces a file. If writing fails, the old file stays.
   *
   * @param writing writes to the path that it gets, in the same folder
   */
  static void write(Path file, Consumer<Path> writing) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try {
        writing.accept(part);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("can't write " + file + ": " + failed, failed);
    }
  }

  static void write(Path file, byte[] bytes) {
    write(
        file,
        part -> {
          try {
            Files.write(part, bytes);
          } catch (IOException failed) {
            throw new UncheckedIOException("can't write " + part + ": " + failed, failed);
          }
        });
  }
}
