package dev.polyptych.weights.digest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * SHA-256 digests of the files that a model is loaded from. They are computed once, on a daemon
 * thread: FLUX.1's 34 GB take about half a minute, and the first jobs need not wait for that. Any
 * thread may ask.
 */
public final class ModelDigests {
  /** What diffusers loads. Other files in the folder do not affect a picture. */
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

  private static final String CACHE = ".digests";

  private final CompletableFuture<Map<String, String>> files = new CompletableFuture<>();

  private ModelDigests() {}

  /** Starts to read a folder in diffusers layout and returns at once. */
  public static ModelDigests start(Path folder) {
    ModelDigests digests = new ModelDigests();
    Thread.ofPlatform()
        .daemon()
        .name("model-digests")
        .start(() -> digests.read(folder, ModelDigests::digest));
    return digests;
  }

  /**
   * Reads a folder in diffusers layout now. A file whose size and time of change are as before is
   * not read again. What is known is kept in the model's folder, or else in another one. It matters
   * to nothing but time if neither can be written.
   *
   * @param other need not exist
   */
  public static ModelDigests cached(Path folder, Path other) {
    ModelDigests digests = new ModelDigests();
    String name = Sha256.of(folder.toAbsolutePath().normalize().toString().getBytes(UTF_8));
    List<Path> places = List.of(folder.resolve(CACHE), other.resolve(CACHE + "-" + name));
    DigestCache cache = DigestCache.read(places);
    digests.read(folder, cache::digest);
    cache.write(places);
    return digests;
  }

  /** Starts to read files, each known by a name, and returns at once. */
  public static ModelDigests of(Map<String, Path> files) {
    ModelDigests digests = new ModelDigests();
    Map<String, Path> named = Map.copyOf(files);
    Thread.ofPlatform().daemon().name("model-digests").start(() -> digests.read(named));
    return digests;
  }

  /**
   * Digest by path relative to the folder, with {@code /} as separator. Waits until all are known.
   *
   * @throws java.util.concurrent.CompletionException if a file can't be read
   */
  public Map<String, String> files() {
    return files.join();
  }

  /**
   * One digest for the whole model: that of the lines which {@code sha256sum} prints for its files,
   * sorted by path. Waits as {@link #files} does.
   */
  public String together() {
    String lines =
        new TreeMap<>(files())
            .entrySet().stream()
                .map(file -> file.getValue() + "  " + file.getKey() + "\n")
                .collect(Collectors.joining());
    return Sha256.of(lines.getBytes(UTF_8));
  }

  private void read(Path folder, Function<Path, String> digest) {
    try (Stream<Path> all = Files.walk(folder)) {
      Map<String, String> found = new TreeMap<>();
      all.filter(Files::isRegularFile)
          .filter(file -> PARTS.contains(folder.relativize(file).getName(0).toString()))
          .forEach(file -> found.put(name(folder.relativize(file)), digest.apply(file)));
      files.complete(found);
    } catch (IOException | RuntimeException | Error unreadable) {
      files.completeExceptionally(unreadable);
    }
  }

  private void read(Map<String, Path> named) {
    try {
      Map<String, String> found = new TreeMap<>();
      named.forEach((name, file) -> found.put(name, digest(file)));
      files.complete(found);
    } catch (RuntimeException | Error unreadable) {
      files.completeExceptionally(unreadable);
    }
  }

  private static String name(Path relative) {
    return relative.toString().replace('\\', '/');
  }

  static String digest(Path file) {
    try {
      return Sha256.of(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(file.toString(), unreadable);
    }
  }
}
