package dev.polyptych.cli.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Looks at folders before anything starts that needs them. */
public final class DiskSpace {
  /** The Redis binary and the native libraries that are unpacked for each start. */
  private static final long TEMPORARY_BYTES = 32L << 20;

  private DiskSpace() {}

  /**
   * Checks the folder for temporary files: native libraries and Redis are unpacked there, and run.
   *
   * @throws IllegalStateException with the remedy
   */
  public static void checkTemporary() {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    String remedy = "name another folder in POLYPTYCH_JAVA_OPTIONS=-Djava.io.tmpdir=DIR";
    String cause;
    try {
      check(folder, TEMPORARY_BYTES, remedy);
      Path program = Files.createTempFile(folder, "polyptych", ".sh");
      try {
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
          Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }
        if (Files.isExecutable(program)) {
          return;
        }
        cause = "it is mounted with noexec, and native libraries are unpacked there";
      } finally {
        Files.delete(program);
      }
    } catch (FileSystemException unusable) {
      cause = unusable.getReason() == null ? unusable.toString() : unusable.getReason();
    } catch (IOException unusable) {
      throw new UncheckedIOException(unusable);
    }
    throw new IllegalStateException(
        "can't use the folder for temporary files, %s (%s): %s".formatted(folder, cause, remedy));
  }

  /**
   * @param remedy ends the message
   * @throws IllegalStateException when fewer bytes are free
   */
  static void check(Path folder, long bytes, String remedy) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < bytes) {
      throw new IllegalStateException(
          "%s has only %.1f MB free, and %d are needed: make room, or %s"
              .formatted(folder, free / 1e6, bytes / 1_000_000, remedy));
    }
  }
}
