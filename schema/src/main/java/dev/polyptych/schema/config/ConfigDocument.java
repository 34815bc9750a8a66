package dev.polyptych.schema.config;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of one process before they are checked: an optional YAML file of flat keys, over it
 * the environment ({@code redis} is {@code POLYPTYCH_REDIS}, {@code bootstrapServers} is {@code
 * POLYPTYCH_BOOTSTRAP_SERVERS}), over that the command line.
 */
public final class ConfigDocument {
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private ConfigDocument() {}

  /**
   * @param known keys of the process; other environment variables are not ours
   * @param flags keys given on the command line, known or not: the check that follows tells
   * @throws ConfigException when the file can't be read or is no map
   */
  public static ObjectNode read(
      Optional<Path> file,
      Map<String, String> environment,
      Map<String, String> flags,
      List<String> known) {
    ObjectNode document = file.map(ConfigDocument::parse).orElseGet(YAML::createObjectNode);
    for (String key : known) {
      Optional.ofNullable(environment.get(variable(key)))
          .ifPresent(text -> document.set(key, scalar(text)));
    }
    flags.forEach((key, text) -> document.set(key, scalar(text)));
    return document;
  }

  /** The environment variable of a key. */
  public static String variable(String key) {
    return "POLYPTYCH_" + key.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
  }

  private static ObjectNode parse(Path file) {
    try {
      JsonNode yaml = YAML.readTree(file.toFile());
      if (yaml instanceof ObjectNode map) {
        return map;
      }
      throw new ConfigException(List.of(file + ": must be a map of settings"));
    } catch (IOException unreadable) {
      throw new ConfigException(List.of(file + ": " + unreadable.getMessage()));
    }
  }

  /** Numbers as numbers, so that a setting means the same wherever it was written. */
  private static JsonNode scalar(String text) {
    if (text.equals("true") || text.equals("false")) {
      return YAML.getNodeFactory().booleanNode(Boolean.parseBoolean(text));
    }
    return text.matches("-?\\d{1,18}")
        ? YAML.getNodeFactory().numberNode(Long.parseLong(text))
        : YAML.getNodeFactory().textNode(text);
  }
}
