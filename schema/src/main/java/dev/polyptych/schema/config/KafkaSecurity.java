package dev.polyptych.schema.config;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;

/**
 * TLS and log-on of a Kafka client: Kafka's own properties, from a file. The file may name secrets
 * without holding them, for example {@code ${dir:/secrets:password}} with Kafka's {@code
 * config.providers}. It can't set properties that our clients depend on (acknowledgements, group,
 * offsets).
 */
public record KafkaSecurity(Map<String, String> properties) {
  /** No TLS and no log-on. */
  public static final KafkaSecurity NONE = new KafkaSecurity(Map.of());

  private static final List<String> PREFIXES =
      List.of("security.", "sasl.", "ssl.", "config.providers");

  /**
   * @throws IllegalArgumentException naming all properties that are not allowed here
   */
  public KafkaSecurity {
    properties = Map.copyOf(properties);
    TreeSet<String> others = new TreeSet<>(properties.keySet());
    others.removeIf(key -> PREFIXES.stream().anyMatch(key::startsWith));
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          "remove %s; only security.*, sasl.*, ssl.* and config.providers* are allowed"
              .formatted(String.join(", ", others)));
    }
  }

  /**
   * @param file in the format of Java's properties
   * @throws UncheckedIOException when it can't be read
   * @throws IllegalArgumentException for properties that are not allowed here
   */
  public static KafkaSecurity read(Path file) {
    Properties read = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      read.load(reader);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("can't read " + file, unreadable);
    }
    Map<String, String> properties = new HashMap<>();
    read.stringPropertyNames().forEach(key -> properties.put(key, read.getProperty(key)));
    return new KafkaSecurity(properties);
  }

  /** A client's settings and these properties. */
  public Map<String, Object> with(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.putAll(properties);
    return all;
  }

  /** Prints no value: it may be a password. */
  @Override
  public String toString() {
    return "KafkaSecurity" + new TreeSet<>(properties.keySet());
  }
}
