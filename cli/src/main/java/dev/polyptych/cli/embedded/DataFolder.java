package dev.polyptych.cli.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder of an embedded cluster's data, locked: a second cluster on it would destroy the data
 * of both. The lock ends with the process, however that ends.
 */
final class DataFolder implements AutoCloseable {
  /** What an empty cluster writes: the broker's first log segments and their indexes. */
  private static final long LEAST_BYTES = 64L << 20;

  private final FileChannel channel;
  private final Path port;

  private DataFolder(FileChannel channel, Path port) {
    this.channel = channel;
    this.port = port;
  }

  /**
   * Makes the folder if there is none.
   *
   * @throws IllegalStateException when a cluster runs in it, saying its port, or when it can't hold
   *     data, saying why
   */
  static DataFolder lock(Path folder) {
    Path port = folder.resolve("port");
    try {
      Files.createDirectories(folder);
      DiskSpace.check(folder, LEAST_BYTES, "name another folder with --data");
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lockedBy(channel)) {
        return new DataFolder(channel, port);
      }
      channel.close();
    } catch (IOException unusable) {
      throw new IllegalStateException(
          "can't write the data folder %s (%s): name another one with --data"
              .formatted(folder, reason(unusable)),
          unusable);
    }
    throw new IllegalStateException(
        "already running here, %s: the data folder %s is in use. End that one, or name another"
                .formatted(where(port), folder)
            + " folder with --data and other ports with --set port=… --set managementPort=…");
  }

  /** False when another process, or another cluster of this one, has the lock. */
  private static boolean lockedBy(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException inThisJvm) {
      return false;
    }
  }

  private static String where(Path port) {
    try {
      return "on port " + Files.readString(port).strip();
    } catch (IOException none) {
      return "and still starting";
    }
  }

  private static String reason(IOException unusable) {
    return unusable instanceof FileSystemException file && file.getReason() != null
        ? file.getReason()
        : unusable.toString();
  }

  /** Writes down where the cluster in it takes jobs. */
  void runsOn(int takesJobsAt) {
    try {
      Files.writeString(port, Integer.toString(takesJobsAt));
    } catch (IOException unusable) {
      throw new UncheckedIOException("can't write " + port, unusable);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(port);
    } finally {
      channel.close();
    }
  }
}
