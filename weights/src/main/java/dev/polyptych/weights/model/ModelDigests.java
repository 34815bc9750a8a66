package dev.polyptych.weights.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * SHA-256 of what a model folder is loaded from, worked out once, on a thread of its own: FLUX.1's
 * 34 GB take about half a minute, in which the first jobs are drawn already.
 */
public final class ModelDigests {
  /** What diffusers loads; whatever else lies in the folder has no part in a picture. */
  private static final Set<String> PARTS =
      Set.of(
          "model_index.json",
          "scheduler",
          "text_encoder",
          "text_encoder_2",
          "tokenizer",
          "tokenizer_2",
          "transformer",
          "vae");

  private final CompletableFuture<Map<String, String>> files = new CompletableFuture<>();

  private ModelDigests() {}

  /** Begins to read; returns at once. */
  public static ModelDigests start(Path folder) {
    ModelDigests digests = new ModelDigests();
    Thread.ofPlatform().daemon().name("model-digests").start(() -> digests.read(folder));
    return digests;
  }

  /**
   * By path below the folder, with {@code /} between; waits until they are known.
   *
   * @throws java.util.concurrent.CompletionException when a file could not be read
   */
  public Map<String, String> files() {
    return files.join();
  }

  /** Of all files together: of the lines that {@code sha256sum} writes, in the order of paths. */
  public static String together(Map<String, String> files) {
    String lines =
        new TreeMap<>(files)
            .entrySet().stream()
                .map(file -> file.getValue() + "  " + file.getKey() + "\n")
                .collect(Collectors.joining());
    return of(lines.getBytes(StandardCharsets.UTF_8));
  }

  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private void read(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      Map<String, String> found = new TreeMap<>();
      all.filter(Files::isRegularFile)
          .filter(file -> PARTS.contains(folder.relativize(file).getName(0).toString()))
          .forEach(file -> found.put(name(folder.relativize(file)), digest(file)));
      files.complete(found);
    } catch (IOException | RuntimeException | Error unreadable) {
      files.completeExceptionally(unreadable);
    }
  }

  private static String name(Path relative) {
    return relative.toString().replace('\\', '/');
  }

  private static String digest(Path file) {
    MessageDigest sha256 = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(sha256.digest());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(file.toString(), unreadable);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
