package dev.polyptych.weights.digest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Digests of files by path, size and time of change, as lines of text. A file that can't be read,
 * or was written by somebody else, counts as empty. One thread.
 */
final class DigestCache {
  private static final String LINE = "[0-9a-f]{64} [0-9]{1,18} -?[0-9]{1,19} .+";
  private static final int DIGEST_END = 64;

  /** Digest by what is known of a file. */
  private final Map<String, String> known;

  private final Map<String, String> used = new TreeMap<>();

  private DigestCache(Map<String, String> known) {
    this.known = known;
  }

  /**
   * @param places the files that may hold it, the first one first
   */
  static DigestCache read(List<Path> places) {
    Map<String, String> known = new TreeMap<>();
    for (Path place : places.reversed()) {
      try {
        Files.readAllLines(place, UTF_8).stream()
            .filter(line -> line.matches(LINE))
            .forEach(
                line -> known.put(line.substring(DIGEST_END + 1), line.substring(0, DIGEST_END)));
      } catch (IOException absent) {
        // It is computed anew.
      }
    }
    return new DigestCache(known);
  }

  /**
   * @throws UncheckedIOException if the file can't be read
   */
  String digest(Path file) {
    String facts = facts(file);
    String digest = known.containsKey(facts) ? known.get(facts) : ModelDigests.digest(file);
    used.put(facts, digest);
    return digest;
  }

  /** Writes what was used to the first place that can be written, unless it is known there. */
  void write(List<Path> places) {
    if (known.equals(used)) {
      return;
    }
    byte[] text =
        used.entrySet().stream()
            .map(file -> file.getValue() + " " + file.getKey() + "\n")
            .collect(Collectors.joining())
            .getBytes(UTF_8);
    for (Path place : places) {
      try {
        Path draft = Files.createTempFile(place.toAbsolutePath().getParent(), ".digests-", "");
        try {
          Files.write(draft, text);
          Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
          return;
        } finally {
          Files.deleteIfExists(draft);
        }
      } catch (IOException readOnly) {
        // The next place; without any, the next start computes it again.
      }
    }
  }

  private static String facts(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return "%d %d %s"
          .formatted(
              now.size(),
              now.lastModifiedTime().to(TimeUnit.NANOSECONDS),
              file.toAbsolutePath().normalize());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(file.toString(), unreadable);
    }
  }
}
