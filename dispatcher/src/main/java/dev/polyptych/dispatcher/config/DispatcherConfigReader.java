package dev.polyptych.dispatcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.ConfigException;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.json.FieldReader;
import dev.polyptych.schema.store.Retention;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Checks the settings and names everything wrong with them by its key. */
final class DispatcherConfigReader {
  /**
   * A record on Kafka holds the request; the broker takes 1 MiB by default, headers and all, so
   * that a body which is admitted can also be enqueued.
   */
  private static final int MAX_BODY_BYTES = 768 * 1024;

  private static final Pattern SERVERS =
      Pattern.compile("[^\\s,:]+:\\d{1,5}(,[^\\s,:]+:\\d{1,5})*");

  private final FieldReader fields;

  private DispatcherConfigReader(FieldReader fields) {
    this.fields = fields;
  }

  static DispatcherConfig read(JsonNode document) {
    List<FieldProblem> problems = new ArrayList<>();
    FieldReader fields = new FieldReader(document, "", problems);
    fields.refuseUnknown(DispatcherConfig.KEYS);
    DispatcherConfig config = new DispatcherConfigReader(fields).config();
    if (!problems.isEmpty()) {
      throw ConfigException.of(problems);
    }
    return config;
  }

  private DispatcherConfig config() {
    return new DispatcherConfig(
        fields.optionalText("bindHost").orElse("127.0.0.1"),
        integer("port", 0, 65_535, 8080),
        integer("managementPort", 0, 65_535, 8081),
        bootstrapServers(),
        redis(),
        catalog(),
        integer("bodyLimitBytes", 1024, MAX_BODY_BYTES, 256 * 1024),
        integer("partitions", 1, 10_000, 32),
        retention(),
        integer("concurrentCalls", 1, 10_000, 256));
  }

  private int integer(String key, int least, int most, int otherwise) {
    return fields.integer(key, least, most).orElse((long) otherwise).intValue();
  }

  private String bootstrapServers() {
    String servers = fields.optionalText("bootstrapServers").orElse("localhost:9092");
    if (!SERVERS.matcher(servers).matches()) {
      fields.invalid("bootstrapServers", "must be host:port, or several with commas between");
    }
    return servers;
  }

  private URI redis() {
    String text = fields.optionalText("redis").orElse("redis://localhost:6379");
    try {
      URI address = new URI(text);
      if (("redis".equals(address.getScheme()) || "rediss".equals(address.getScheme()))
          && address.getHost() != null) {
        return address;
      }
    } catch (java.net.URISyntaxException unreadable) {
      // Said below, without the text: it may hold a password.
    }
    fields.invalid("redis", "must be redis://[user:password@]host:port, or rediss:// for TLS");
    return URI.create("redis://localhost:6379");
  }

  private Catalog catalog() {
    String name = fields.optionalText("catalog").orElse("tiny");
    boolean file = name.contains("/") || name.endsWith(".yaml") || name.endsWith(".yml");
    try {
      return file ? CatalogFile.read(Path.of(name)) : CatalogFile.builtIn(name);
    } catch (UncheckedIOException | IllegalArgumentException unusable) {
      fields.invalid(
          "catalog",
          "must be tiny, flux.1-dev or the path of a YAML file; " + unusable.getMessage());
      return CatalogFile.builtIn("tiny");
    }
  }

  private Retention retention() {
    int results = integer("resultHours", 1, 24 * 365, 24);
    int records = integer("recordHours", 1, 24 * 365, Math.max(results, 24 * 7));
    if (records < results) {
      fields.invalid("recordHours", "must be at least resultHours, " + results);
      return Retention.DEFAULT;
    }
    return new Retention(Duration.ofHours(results), Duration.ofHours(records));
  }
}
