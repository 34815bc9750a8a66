package dev.polyptych.weights.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A JSON configuration of a model folder. Every getter throws a {@link ModelFolderException} that
 * names the file and the field if the value is wrong.
 */
public final class ConfigFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MAX_BYTES = 64L << 20;

  private final Path path;
  private final JsonNode root;

  private ConfigFile(Path path, JsonNode root) {
    this.path = path;
    this.root = root;
  }

  /**
   * Reads a file.
   *
   * @throws ModelFolderException if it is missing, unreadable or not a JSON object
   */
  public static ConfigFile read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new ModelFolderException(
          path, "is missing", "download the whole model folder in diffusers layout");
    }
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new ModelFolderException(
            path, "is too large for a configuration", "download it again");
      }
      JsonNode root = JSON.readTree(path.toFile());
      if (root.isObject()) {
        return new ConfigFile(path, root);
      }
    } catch (IOException e) {
      throw new ModelFolderException(
          path + " is not readable JSON (" + e.getMessage() + "); download it again", e);
    }
    throw new ModelFolderException(path, "is not a JSON object", "download it again");
  }

  /**
   * A configuration that is in memory.
   *
   * @param name for messages
   * @throws ModelFolderException if it is not a JSON object
   */
  static ConfigFile of(String name, JsonNode content) {
    if (!content.isObject()) {
      throw new ModelFolderException(Path.of(name), "is not a JSON object", "give an object");
    }
    return new ConfigFile(Path.of(name), content);
  }

  /** Reads a configuration from this library's resources. */
  static ConfigFile builtIn(String resource) {
    try (InputStream json = ConfigFile.class.getResourceAsStream(resource)) {
      if (json == null) {
        throw new IllegalArgumentException("there is no built-in configuration " + resource);
      }
      return new ConfigFile(Path.of(resource), JSON.readTree(json));
    } catch (IOException broken) {
      throw new UncheckedIOException(resource, broken);
    }
  }

  /** Path of the file. */
  public Path path() {
    return path;
  }

  /** The whole document. */
  public JsonNode root() {
    return root;
  }

  /** A required whole number of at least 1. */
  int positive(String field) {
    JsonNode node = root.path(field);
    if (!node.isInt() || node.intValue() < 1) {
      throw wrong(field, "a whole number above 0");
    }
    return node.intValue();
  }

  /** A whole number of at least 1, or {@code otherwise} if the field is absent or null. */
  int positive(String field, int otherwise) {
    return has(field) ? positive(field) : otherwise;
  }

  /** A whole number of at least 0, or {@code otherwise} if the field is absent or null. */
  int natural(String field, int otherwise) {
    return has(field) && root.path(field).intValue() == 0 && root.path(field).isInt()
        ? 0
        : positive(field, otherwise);
  }

  /** A number, or {@code otherwise} if the field is absent or null. */
  double number(String field, double otherwise) {
    if (has(field) && !root.path(field).isNumber()) {
      throw wrong(field, "a number");
    }
    return root.path(field).asDouble(otherwise);
  }

  /** A boolean, or {@code otherwise} if the field is absent or null. */
  boolean flag(String field, boolean otherwise) {
    if (has(field) && !root.path(field).isBoolean()) {
      throw wrong(field, "true or false");
    }
    return root.path(field).asBoolean(otherwise);
  }

  /** A text, or {@code otherwise} if the field is absent or null. */
  String text(String field, String otherwise) {
    if (has(field) && !root.path(field).isTextual()) {
      throw wrong(field, "a text");
    }
    return root.path(field).asText(otherwise);
  }

  /** A required list of whole numbers of at least 1. */
  List<Integer> positives(String field) {
    List<Integer> numbers = new ArrayList<>();
    for (JsonNode node : root.path(field)) {
      if (!node.isInt() || node.intValue() < 1) {
        throw wrong(field, "a list of whole numbers above 0");
      }
      numbers.add(node.intValue());
    }
    if (numbers.isEmpty()) {
      throw wrong(field, "a list of whole numbers above 0");
    }
    return numbers;
  }

  /** The text of a field, which must be one of the known ones. */
  String oneOf(String field, String otherwise, Set<String> known) {
    String text = text(field, otherwise);
    if (!known.contains(text)) {
      throw wrong(field, "one of " + known);
    }
    return text;
  }

  /** Whether the field is present and not null. */
  boolean has(String field) {
    return root.hasNonNull(field);
  }

  /** The exception for a field with an unusable value. */
  ModelFolderException wrong(String field, String wanted) {
    return new ModelFolderException(
        path,
        "has " + field + " = " + root.path(field) + ", where this engine needs " + wanted,
        "use a FLUX.1 folder in diffusers layout");
  }
}
