package dev.polyptych.weights.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.weights.digest.ModelDigests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where the parts of a model lie: all in a folder in diffusers layout, all in one safetensors file,
 * or where a model file (YAML) says. Nothing is loaded.
 *
 * @param path what was named
 * @param weights file or folder of each network that was named
 * @param configuration folder in diffusers layout with the configurations; if empty, the weights'
 *     shapes tell them
 * @param tokenizers folder in diffusers layout with both tokenizers; if empty, those that come with
 *     Polyptych are used
 */
public record ModelFile(
    Path path,
    Map<Network, Path> weights,
    Optional<Path> configuration,
    Optional<Path> tokenizers) {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final long MAX_BYTES = 1 << 20;
  private static final String CONFIGURATION = "config";
  private static final String TOKENIZERS = "tokenizers";
  private static final List<String> KEYS =
      List.of("transformer", "clip", "t5", "vae", TOKENIZERS, CONFIGURATION);

  public ModelFile {
    // Of several parts in one file the first names it in receipts: the order must not vary.
    Map<Network, Path> ordered = new EnumMap<>(Network.class);
    ordered.putAll(weights);
    weights = Collections.unmodifiableMap(ordered);
  }

  /**
   * Reads what a path names.
   *
   * @throws ModelFolderException if it is no model, or a model file that is wrong
   */
  public static ModelFile read(Path path) {
    if (Files.isDirectory(path)) {
      return folder(path);
    }
    if (!Files.isRegularFile(path)) {
      throw new ModelFolderException(
          path,
          "is neither a folder nor a file",
          "give the folder that holds model_index.json, a safetensors file, or a model file (YAML)");
    }
    ForeignFile.refuse(path);
    return ForeignFile.safetensors(path) || ForeignFile.gguf(path) ? single(path) : parts(path);
  }

  /** A folder in diffusers layout. */
  static ModelFile folder(Path path) {
    Map<Network, Path> weights = new EnumMap<>(Network.class);
    for (Network network : Network.values()) {
      weights.put(network, path.resolve(network.folder()));
    }
    boolean own =
        Files.isDirectory(path.resolve("tokenizer"))
            || Files.isDirectory(path.resolve("tokenizer_2"));
    return new ModelFile(
        path, weights, Optional.of(path), own ? Optional.of(path) : Optional.empty());
  }

  private static ModelFile single(Path file) {
    Map<Network, Path> weights = new EnumMap<>(Network.class);
    for (Network network : Network.values()) {
      if (PartWeights.holds(file, network)) {
        weights.put(network, file);
      }
    }
    if (weights.isEmpty()) {
      try (PartFiles files = PartFiles.open(file, "")) {
        throw Strangers.refusal(files, Network.TRANSFORMER);
      }
    }
    return new ModelFile(file, weights, Optional.empty(), Optional.empty());
  }

  private static ModelFile parts(Path file) {
    JsonNode root = yaml(file);
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (!KEYS.contains(entry.getKey())) {
        throw new ModelFolderException(
            file, "has the unknown key '" + entry.getKey() + "'", "the keys are " + KEYS);
      }
      if (!entry.getValue().isTextual() || entry.getValue().textValue().isBlank()) {
        throw new ModelFolderException(
            file, "has no path at '" + entry.getKey() + "'", "give a file or a folder");
      }
    }
    Map<Network, Path> weights = new EnumMap<>(Network.class);
    for (Network network : Network.values()) {
      path(file, root, network.key()).ifPresent(path -> weights.put(network, path));
    }
    addFromTransformer(weights);
    return new ModelFile(
        file, weights, path(file, root, CONFIGURATION), path(file, root, TOKENIZERS));
  }

  /** What is not named may lie in an all-in-one file beside the transformer. */
  private static void addFromTransformer(Map<Network, Path> weights) {
    Path transformer = weights.get(Network.TRANSFORMER);
    if (transformer == null || !Files.isRegularFile(transformer)) {
      return;
    }
    for (Network network : Network.values()) {
      if (!weights.containsKey(network) && PartWeights.holds(transformer, network)) {
        weights.put(network, transformer);
      }
    }
  }

  private static JsonNode yaml(Path file) {
    try {
      if (Files.size(file) <= MAX_BYTES) {
        JsonNode root = YAML.readTree(file.toFile());
        if (root != null && root.isObject()) {
          return root;
        }
      }
    } catch (IOException e) {
      throw new ModelFolderException(
          file + " is neither safetensors nor YAML (" + firstLine(e) + "); download it again", e);
    }
    throw new ModelFolderException(
        file,
        "is neither safetensors nor a model file",
        "download it again, or name the parts: " + KEYS);
  }

  private static String firstLine(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static Optional<Path> path(Path file, JsonNode root, String key) {
    if (!root.has(key)) {
      return Optional.empty();
    }
    try {
      Path named = file.toAbsolutePath().resolveSibling(root.path(key).textValue());
      if (Files.exists(named)) {
        return Optional.of(named);
      }
      throw new ModelFolderException(
          file, "names " + named + " as '" + key + "', which is missing", "correct the path");
    } catch (java.nio.file.InvalidPathException invalid) {
      throw new ModelFolderException(
          file + " has no path at '" + key + "'; give a file or a folder", invalid);
    }
  }

  /** The folder in which the model's adapters lie: {@code adapters} in it, or beside the file. */
  public static Path adapters(Path model) {
    return (Files.isRegularFile(model)
        ? model.toAbsolutePath().resolveSibling("adapters")
        : model.resolve("adapters"));
  }

  /**
   * Where a network's weights lie.
   *
   * @throws ModelFolderException if the model has none
   */
  public Path weights(Network network) {
    Path place = weights.get(network);
    if (place == null) {
      throw missing(network);
    }
    return place;
  }

  /** The exception for a network that the model does not have. */
  ModelFolderException missing(Network network) {
    return new ModelFolderException(
        path,
        "has no %s (%s)".formatted(network.key(), network.folder()),
        "write a model file (YAML) that names it: '%s: %s'"
            .formatted(network.key(), example(network)));
  }

  private static String example(Network network) {
    return switch (network) {
      case TRANSFORMER -> "flux1-dev.safetensors";
      case CLIP -> "clip_l.safetensors";
      case T5 -> "t5xxl_fp16.safetensors";
      case VAE -> "ae.safetensors";
    };
  }

  /** Starts to read the digests of all files that the model is loaded from. */
  public ModelDigests digests() {
    if (Files.isDirectory(path)) {
      return ModelDigests.start(path);
    }
    Map<String, Path> files = new TreeMap<>();
    files.put(path.getFileName().toString(), path);
    weights.forEach((network, place) -> add(files, network.key(), place));
    tokenizers.ifPresent(
        folder -> {
          add(files, "tokenizer", folder.resolve("tokenizer"));
          add(files, "tokenizer_2", folder.resolve("tokenizer_2"));
        });
    return ModelDigests.of(files);
  }

  /** A file that holds several parts is read once. */
  private static void add(Map<String, Path> files, String name, Path place) {
    if (files.containsValue(place)) {
      return;
    }
    if (!Files.isDirectory(place)) {
      files.put(name + "/" + place.getFileName(), place);
      return;
    }
    try (Stream<Path> all = Files.list(place)) {
      all.filter(Files::isRegularFile)
          .forEach(file -> files.put(name + "/" + file.getFileName(), file));
    } catch (IOException e) {
      throw new ModelFolderException(place + " can't be listed (" + e + "); check the path", e);
    }
  }
}
