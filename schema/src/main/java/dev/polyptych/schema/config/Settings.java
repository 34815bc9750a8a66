package dev.polyptych.schema.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.json.FieldReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The settings of one process while they are checked: gives each key's value or its default, and
 * collects everything wrong on the way. What all processes have in common is read here.
 */
public final class Settings {
  private static final Pattern SERVERS =
      Pattern.compile("[^\\s,:]+:\\d{1,5}(,[^\\s,:]+:\\d{1,5})*");
  private static final URI LOCAL_REDIS = URI.create("redis://localhost:6379");

  private final FieldReader fields;

  private Settings(FieldReader fields) {
    this.fields = fields;
  }

  /** Where settings come from, each source over the one before: file, environment, flags. */
  public record Sources(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    /** Flags alone. */
    public static Sources of(Map<String, String> flags) {
      return new Sources(Optional.empty(), Map.of(), flags);
    }
  }

  /**
   * Reads a process's settings whole.
   *
   * @param keys all that the process knows
   * @throws ConfigException listing everything that is wrong
   */
  public static <C> C read(Sources sources, List<String> keys, Function<Settings, C> config) {
    ObjectNode document =
        ConfigDocument.read(sources.file(), sources.environment(), sources.flags(), keys);
    List<FieldProblem> problems = new ArrayList<>();
    FieldReader fields = new FieldReader(document, "", problems);
    fields.refuseUnknown(keys);
    C read = config.apply(new Settings(fields));
    if (!problems.isEmpty()) {
      throw ConfigException.of(problems);
    }
    return read;
  }

  /** A text that must be given; empty when it is not. */
  public String text(String key) {
    return fields.text(key, 4096);
  }

  public String text(String key, String otherwise) {
    return fields.optionalText(key).orElse(otherwise);
  }

  public int integer(String key, int least, int most, int otherwise) {
    return fields.integer(key, least, most).orElse((long) otherwise).intValue();
  }

  public boolean flag(String key) {
    return fields.flag(key).orElse(false);
  }

  public <E extends Enum<E>> E constant(String key, E[] constants, E otherwise) {
    return fields.constant(key, constants).orElse(otherwise);
  }

  /** Kafka brokers, {@code host:port,host:port}. */
  public String bootstrapServers() {
    String servers = text("bootstrapServers", "localhost:9092");
    if (!SERVERS.matcher(servers).matches()) {
      invalid("bootstrapServers", "must be host:port, or several with commas between");
    }
    return servers;
  }

  /** The key {@code kafkaProperties}, a file; without it there is no TLS and no log-on. */
  public KafkaSecurity kafkaSecurity() {
    String file = text("kafkaProperties", "");
    try {
      return file.isEmpty() ? KafkaSecurity.NONE : KafkaSecurity.read(Path.of(file));
    } catch (UncheckedIOException | IllegalArgumentException unusable) {
      invalid(
          "kafkaProperties",
          "must name a properties file for Kafka clients; " + unusable.getMessage());
      return KafkaSecurity.NONE;
    }
  }

  /** May hold a password, so neither this nor a message about it is ever printed. */
  public URI redis() {
    try {
      URI address = new URI(text("redis", LOCAL_REDIS.toString()));
      String scheme = String.valueOf(address.getScheme());
      if (List.of("redis", "rediss").contains(scheme) && address.getHost() != null) {
        return address;
      }
    } catch (URISyntaxException unreadable) {
      // Said below, without the text.
    }
    invalid("redis", "must be redis://[user:password@]host:port, or rediss:// for TLS");
    return LOCAL_REDIS;
  }

  /** The catalog, a built-in one by its name or a file by its path. */
  public Catalog catalog() {
    String name = text("catalog", CatalogFile.BUILT_IN_MODEL);
    boolean file = name.contains("/") || name.endsWith(".yaml") || name.endsWith(".yml");
    try {
      return file ? CatalogFile.read(Path.of(name)) : CatalogFile.builtIn(name);
    } catch (UncheckedIOException | IllegalArgumentException unusable) {
      invalid(
          "catalog",
          "must be nano, tiny, flux.1-dev or the path of a YAML file; " + unusable.getMessage());
      return CatalogFile.builtIn(CatalogFile.BUILT_IN_MODEL);
    }
  }

  /**
   * The keys {@code resultHours}, {@code recordHours} and, where a process knows it, {@code
   * tombstoneHours}.
   */
  public Retention retention() {
    int results = integer("resultHours", 1, 24 * 365, 24);
    int records = integer("recordHours", 1, 24 * 365, Math.max(results, 24 * 7));
    if (records < results) {
      invalid("recordHours", "must be at least resultHours, " + results);
      return Retention.DEFAULT;
    }
    int tombstones = integer("tombstoneHours", 1, 24 * 3650, Math.max(records, 24 * 30));
    if (tombstones < records) {
      invalid("tombstoneHours", "must be at least recordHours, " + records);
      return Retention.DEFAULT;
    }
    return new Retention(
        Duration.ofHours(results), Duration.ofHours(records), Duration.ofHours(tombstones));
  }

  public void invalid(String key, String detail) {
    fields.invalid(key, detail);
  }
}
