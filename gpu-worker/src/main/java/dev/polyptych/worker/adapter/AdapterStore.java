package dev.polyptych.worker.adapter;

import dev.polyptych.weights.digest.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of adapter files, named by the SHA-256 of their content. A file is there as a whole or
 * not at all. Several workers may share the folder, so the disk is asked each time. Safe for all
 * threads.
 */
public final class AdapterStore {
  private static final Logger LOG = LoggerFactory.getLogger(AdapterStore.class);
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final String SUFFIX = ".safetensors";
  private static final String UNFINISHED = ".unfinished-";

  /** An unfinished file that is older was left by a process that died. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path folder;
  private final long capacityBytes;
  private final Clock clock;

  private record Held(String digest, long bytes, FileTime used) {}

  /**
   * @param folder need not exist before {@link #prepare}
   * @param capacityBytes of all files together; those that are needed now may take more
   */
  public AdapterStore(Path folder, long capacityBytes, Clock clock) {
    this.folder = folder;
    this.capacityBytes = capacityBytes;
    this.clock = clock;
  }

  /** Whether an adapter's id is a digest, so that its file is here and not beside the model. */
  public static boolean isDigest(String id) {
    return DIGEST.matcher(id).matches();
  }

  /**
   * Makes the folder if there is none, and removes what processes that died left there.
   *
   * @throws IllegalStateException when it can't be made or written, with the remedy
   */
  public void prepare() {
    try {
      Files.createDirectories(folder);
      Files.delete(draft());
      removeAbandoned();
    } catch (IOException unusable) {
      throw new IllegalStateException(
          "adapterStore: can't write the folder %s (%s): name another one, or let this user write it"
              .formatted(folder, unusable),
          unusable);
    }
  }

  /** The folder, which messages to tenants must not name. */
  public Path folder() {
    return folder;
  }

  /** Where an adapter's file is, if it is here. */
  public Path file(String digest) {
    return folder.resolve(digest + SUFFIX);
  }

  /** Whether an adapter's file is here. */
  public boolean has(String digest) {
    return Files.isRegularFile(file(digest));
  }

  /** Digests of the adapters that are here, those used last first. */
  public List<String> digests() {
    try {
      return newestFirst().stream().map(Held::digest).toList();
    } catch (IOException unreadable) {
      return List.of();
    }
  }

  /** The size of all files together. */
  public long bytes() {
    try {
      return newestFirst().stream().mapToLong(Held::bytes).sum();
    } catch (IOException unreadable) {
      return 0;
    }
  }

  /** An adapter is used now, so others go before it. */
  public void used(String digest) {
    try {
      Files.setLastModifiedTime(file(digest), FileTime.from(clock.instant()));
    } catch (IOException gone) {
      LOG.debug("{} can't be marked as used: {}", digest, gone.toString());
    }
  }

  /** Whether an adapter's file is here and has the right bytes. Reads all of it. */
  public boolean intact(String digest) {
    try {
      return Sha256.of(file(digest)).equals(digest);
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Deletes an adapter's file, if it is here: its bytes are not what they should be. */
  public void discard(String digest) {
    try {
      Files.deleteIfExists(file(digest));
    } catch (IOException locked) {
      LOG.warn("the damaged file of {} can't be deleted: {}", digest, locked.toString());
    }
  }

  /** A new file to write an adapter to. */
  Path draft() throws IOException {
    return Files.createTempFile(folder, UNFINISHED, "");
  }

  /**
   * Makes a draft the file of an adapter.
   *
   * @param needed digests whose files must stay
   */
  synchronized void keep(Path draft, String digest, Set<String> needed) throws IOException {
    Files.setLastModifiedTime(draft, FileTime.from(clock.instant()));
    Files.move(draft, file(digest), StandardCopyOption.ATOMIC_MOVE);
    makeRoom(digest, needed);
  }

  /** Deletes what was used longest ago. */
  private void makeRoom(String newest, Set<String> needed) throws IOException {
    List<Held> files = newestFirst();
    long all = files.stream().mapToLong(Held::bytes).sum();
    for (Held oldest : files.reversed()) {
      String digest = oldest.digest();
      if (all > capacityBytes && !digest.equals(newest) && !needed.contains(digest)) {
        Files.deleteIfExists(file(digest));
        all -= oldest.bytes();
        LOG.info("deleted the file of adapter {}: the folder was full", digest);
      }
    }
  }

  private List<Held> newestFirst() throws IOException {
    List<Held> files = new ArrayList<>();
    for (Path entry : entries()) {
      String name = entry.getFileName().toString();
      String digest = name.replace(SUFFIX, "");
      if (name.endsWith(SUFFIX) && isDigest(digest)) {
        attributes(entry)
            .ifPresent(now -> files.add(new Held(digest, now.size(), now.lastModifiedTime())));
      }
    }
    files.sort(Comparator.comparing(Held::used).reversed().thenComparing(Held::digest));
    return files;
  }

  private void removeAbandoned() throws IOException {
    Instant since = clock.instant().minus(ABANDONED);
    for (Path entry : entries()) {
      boolean draft = entry.getFileName().toString().startsWith(UNFINISHED);
      if (draft
          && attributes(entry)
              .filter(now -> now.lastModifiedTime().toInstant().isBefore(since))
              .isPresent()) {
        Files.deleteIfExists(entry);
      }
    }
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }

  /** Empty if another process has deleted the file meanwhile. */
  private static Optional<BasicFileAttributes> attributes(Path file) {
    try {
      return Optional.of(Files.readAttributes(file, BasicFileAttributes.class));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }
}
