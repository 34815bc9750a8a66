package dev.polyptych.store.objects;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Objects as files of a folder. A file is written beside its place, forced to the disk and then
 * moved, so that a reader never sees a part of it.
 */
public final class FileObjects implements ObjectStore {
  private static final String UNFINISHED = ".unfinished";
  private static final int BUFFER_BYTES = 64 * 1024;

  /** Another thread may delete an empty folder between its making and its use. */
  private static final int TRIES = 5;

  private final Path folder;
  private final Path unfinished;

  private FileObjects(Path folder) {
    this.folder = folder;
    this.unfinished = folder.resolve(UNFINISHED);
  }

  /**
   * Makes the folder if there is none.
   *
   * @throws IllegalStateException when it can't be made or written, with the remedy
   */
  public static FileObjects open(Path folder) {
    FileObjects objects = new FileObjects(folder);
    try {
      Files.createDirectories(objects.unfinished);
      Files.delete(Files.createTempFile(objects.unfinished, "try", ""));
      return objects;
    } catch (IOException unusable) {
      throw new IllegalStateException(
          "objects: can't write the folder %s (%s): name another one, or let this user write it"
              .formatted(folder, reason(unusable)),
          unusable);
    }
  }

  @Override
  public void put(String key, ObjectContent content) {
    store(key, content, true);
  }

  @Override
  public boolean create(String key, ObjectContent content) {
    return store(key, content, false);
  }

  private boolean store(String key, ObjectContent content, boolean replace) {
    Path place = place(key);
    return call(
        "write",
        () -> {
          Path written = written(content);
          try {
            return placed(written, place, replace);
          } finally {
            Files.deleteIfExists(written);
          }
        });
  }

  private static boolean placed(Path written, Path place, boolean replace) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        Files.createDirectories(place.getParent());
        if (replace) {
          Files.move(written, place, StandardCopyOption.ATOMIC_MOVE);
        } else {
          Files.createLink(place, written);
        }
        force(place.getParent());
        return true;
      } catch (FileAlreadyExistsException taken) {
        return false;
      } catch (NoSuchFileException folderDeleted) {
        if (tries == TRIES) {
          throw folderDeleted;
        }
      }
    }
  }

  private Path written(ObjectContent content) throws IOException {
    Files.createDirectories(unfinished);
    Path file = unfinished.resolve(UUID.randomUUID().toString());
    try (InputStream bytes = content.source().open();
        FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
        ByteBuffer part = ByteBuffer.wrap(buffer, 0, count);
        while (part.hasRemaining()) {
          channel.write(part);
        }
      }
      if (channel.size() != content.length()) {
        throw new IOException(
            "%d bytes came instead of %d".formatted(channel.size(), content.length()));
      }
      channel.force(true);
      return file;
    } catch (IOException broken) {
      Files.deleteIfExists(file);
      throw broken;
    }
  }

  /** Makes a new entry of a folder durable, where the system can. */
  private static void force(Path parent) {
    try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException unsupported) {
      // Some systems open no folders. The file itself was forced.
    }
  }

  @Override
  public Optional<StoredObject> get(String key) {
    Path place = place(key);
    return call(
        "read",
        () -> {
          try {
            InputStream bytes = Files.newInputStream(place);
            return Optional.of(new StoredObject(Files.size(place), bytes, bytes::close));
          } catch (NoSuchFileException none) {
            return Optional.empty();
          }
        });
  }

  @Override
  public OptionalLong size(String key) {
    Path place = place(key);
    return call(
        "read",
        () -> {
          try {
            return OptionalLong.of(Files.size(place));
          } catch (NoSuchFileException none) {
            return OptionalLong.empty();
          }
        });
  }

  @Override
  public void delete(String key) {
    Path place = place(key);
    call(
        "write",
        () -> {
          Files.deleteIfExists(place);
          Path parent = place.getParent();
          while (!parent.equals(folder) && emptied(parent)) {
            parent = parent.getParent();
          }
          return true;
        });
  }

  private static boolean emptied(Path parent) throws IOException {
    try {
      Files.deleteIfExists(parent);
      return true;
    } catch (DirectoryNotEmptyException used) {
      return false;
    }
  }

  @Override
  public void list(String prefix, Consumer<Entry> entries) {
    int lastSlash = prefix.lastIndexOf('/');
    Path begin = lastSlash < 0 ? folder : place(prefix.substring(0, lastSlash));
    call(
        "read",
        () -> {
          if (Files.exists(begin)) {
            Files.walkFileTree(begin, new Listing(prefix, entries));
          }
          return true;
        });
  }

  @Override
  public Optional<URI> link(String key, Duration valid) {
    ObjectKey.checked(key);
    return Optional.empty();
  }

  @Override
  public String where() {
    return folder.toUri().toString();
  }

  @Override
  public void close() {
    // Holds nothing open.
  }

  private Path place(String key) {
    return folder.resolve(ObjectKey.checked(key));
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  private <T> T call(String what, Work<T> work) {
    try {
      return work.run();
    } catch (IOException | UncheckedIOException failed) {
      throw new ObjectsUnavailableException(
          "can't %s objects in %s (%s): look at the disk and its permissions"
              .formatted(what, folder, reason(failed)),
          failed);
    }
  }

  private static String reason(Exception failed) {
    return failed instanceof FileSystemException file && file.getReason() != null
        ? file.getReason()
        : failed.toString();
  }

  /** Other threads may delete what it is about to see. */
  private final class Listing extends SimpleFileVisitor<Path> {
    private final String prefix;
    private final Consumer<Entry> entries;

    Listing(String prefix, Consumer<Entry> entries) {
      this.prefix = prefix;
      this.entries = entries;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      return directory.equals(unfinished) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String key = folder.relativize(file).toString().replace('\\', '/');
      if (key.startsWith(prefix)) {
        entries.accept(
            new Entry(key, attributes.size(), attributes.lastModifiedTime().toInstant()));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
      if (failed instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failed;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failed)
        throws IOException {
      return failed == null ? FileVisitResult.CONTINUE : visitFileFailed(directory, failed);
    }
  }
}
