package dev.polyptych.engine.adapter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The files that adapters are read from. Listed again every half minute, because tuning may add
 * one. After the first time they are listed in the background, so that a dead mount hangs no
 * caller. Not thread-safe.
 */
public final class AdapterFolder {
  private static final String SUFFIX = ".safetensors";
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  /** A list of them fits a small message. */
  public static final int MOST_NAMED = 1000;

  private final Path folder;
  private CompletableFuture<List<String>> listing = CompletableFuture.completedFuture(List.of());
  private List<String> ids = List.of();
  private long lookedAt;
  private boolean looked;

  public AdapterFolder(Path folder) {
    this.folder = folder;
  }

  public Path file(String id) {
    return folder.resolve(id + SUFFIX);
  }

  /**
   * What shows that a file is another one than before.
   *
   * @param key the file system's own key of the file, which a copy with an old date changes, too
   */
  public record Stamp(long bytes, FileTime modified, String key) {}

  /** The stamp of an adapter's file; empty if it is missing or can't be read. Any thread. */
  public Optional<Stamp> stamp(String id) {
    try {
      BasicFileAttributes now = Files.readAttributes(file(id), BasicFileAttributes.class);
      return Optional.of(
          new Stamp(now.size(), now.lastModifiedTime(), Objects.toString(now.fileKey())));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** Ids of at most a thousand adapters; empty when the folder can't be read. */
  public List<String> ids() {
    if (!looked) {
      ids = list();
      looked = true;
      lookedAt = System.nanoTime();
    } else if (listing.isDone() && System.nanoTime() - lookedAt > LOOK_AGAIN.toNanos()) {
      listing = new CompletableFuture<>();
      CompletableFuture<List<String>> next = listing;
      Thread.ofPlatform().daemon().name("adapter-list").start(() -> next.complete(list()));
      lookedAt = System.nanoTime();
    }
    List<String> newest = listing.getNow(List.of());
    if (!newest.isEmpty()) {
      ids = newest;
    }
    return ids;
  }

  private List<String> list() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .limit(MOST_NAMED)
          .toList();
    } catch (IOException unreadable) {
      return List.of();
    }
  }
}
