package dev.polyptych.schema.config;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.json.FieldReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the settings of one process. Returns the value of each {@link Setting} or its default, and
 * collects all problems. Settings that both processes have are read here.
 */
public final class Settings {
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final Pattern SERVERS =
      Pattern.compile("[^\\s,:]+:\\d{1,5}(,[^\\s,:]+:\\d{1,5})*");
  private static final Pattern FOLDER = Pattern.compile("file:(//)?/[^\\s?#]+");
  private static final Pattern BUCKET =
      Pattern.compile("s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._=/-]*)?");

  private final FieldReader fields;

  /** Where images go. */
  private enum ResultPlace {
    REDIS,
    OBJECTS
  }

  private Settings(FieldReader fields) {
    this.fields = fields;
  }

  /**
   * The sources of settings: a YAML file of flat keys, the environment, the command line. Each
   * source overrides the one before.
   */
  public record Sources(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    /** Flags alone. */
    public static Sources of(Map<String, String> flags) {
      return new Sources(Optional.empty(), Map.of(), flags);
    }
  }

  /**
   * Reads all settings of a process.
   *
   * @param known what the process knows; any other key of file or flags is an error
   * @throws ConfigException listing everything that is wrong
   */
  public static <C> C read(Sources sources, List<Setting> known, Function<Settings, C> config) {
    List<FieldProblem> problems = new ArrayList<>();
    FieldReader fields = new FieldReader(document(sources, known), "", problems);
    fields.refuseUnknown(known.stream().map(Setting::key).toList());
    C read = config.apply(new Settings(fields));
    if (!problems.isEmpty()) {
      throw ConfigException.of(problems);
    }
    return read;
  }

  /** A required text; empty if it is missing. */
  public String required(Setting setting) {
    return fields.text(setting.key(), 4096);
  }

  public String text(Setting setting) {
    return text(setting, setting.byDefault());
  }

  /**
   * @param computed the default
   */
  public String text(Setting setting, String computed) {
    return fields.optionalText(setting.key()).orElse(computed);
  }

  /** The parts of a text between commas, without blanks around them. */
  public List<String> listed(Setting setting) {
    return Stream.of(text(setting).split(","))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  public int integer(Setting setting) {
    return integer(setting, Integer.MIN_VALUE);
  }

  public Duration seconds(Setting setting) {
    return Duration.ofSeconds(integer(setting));
  }

  public Duration hours(Setting setting) {
    return Duration.ofHours(integer(setting));
  }

  public boolean flag(Setting setting) {
    return fields.flag(setting.key()).orElse(Boolean.parseBoolean(setting.byDefault()));
  }

  /** A constant written in lower case. */
  public <E extends Enum<E>> E constant(Setting setting, Class<E> type) {
    return fields
        .constant(setting.key(), type.getEnumConstants())
        .orElseGet(() -> Enum.valueOf(type, setting.byDefault().toUpperCase(Locale.ROOT)));
  }

  /** Kafka brokers, {@code host:port,host:port}. */
  public String bootstrapServers() {
    String servers = text(Setting.BOOTSTRAP_SERVERS);
    if (!SERVERS.matcher(servers).matches()) {
      invalid(Setting.BOOTSTRAP_SERVERS, "must be host:port, or several with commas between");
    }
    return servers;
  }

  /** TLS and log-on. Without the file, neither. */
  public KafkaSecurity kafkaSecurity() {
    String file = text(Setting.KAFKA_PROPERTIES);
    try {
      return file.isEmpty() ? KafkaSecurity.NONE : KafkaSecurity.read(Path.of(file));
    } catch (UncheckedIOException | IllegalArgumentException unusable) {
      invalid(
          Setting.KAFKA_PROPERTIES,
          "must name a properties file for Kafka clients; " + unusable.getMessage());
      return KafkaSecurity.NONE;
    }
  }

  /** The address may hold a password, so never print it or a message about it. */
  public URI redis() {
    try {
      URI address = new URI(text(Setting.REDIS));
      String scheme = String.valueOf(address.getScheme());
      if (List.of("redis", "rediss").contains(scheme) && address.getHost() != null) {
        return address;
      }
    } catch (URISyntaxException unreadable) {
      // Reported below, without the text.
    }
    invalid(Setting.REDIS, "must be redis://[user:password@]host:port, or rediss:// for TLS");
    return URI.create(Setting.REDIS.byDefault());
  }

  /** The object store; empty if none is set. */
  public Optional<ObjectSettings> objects() {
    String location = text(Setting.OBJECTS);
    Optional<URI> endpoint = objectsEndpoint();
    if (location.isEmpty()) {
      endpoint.ifPresent(
          alone -> invalid(Setting.OBJECTS_ENDPOINT, "needs objects: s3://bucket/prefix"));
      return Optional.empty();
    }
    boolean folder = FOLDER.matcher(location).matches();
    if (!folder && !BUCKET.matcher(location).matches()) {
      invalid(
          Setting.OBJECTS,
          "must be file:///folder, with the folder's whole path, or s3://bucket/prefix, with a"
              + " bucket of 3 to 63 small letters, digits, '-' and '.'");
      return Optional.empty();
    }
    if (folder && endpoint.isPresent()) {
      invalid(Setting.OBJECTS_ENDPOINT, "is for objects: s3://…; a folder has none");
    }
    return Optional.of(new ObjectSettings(URI.create(location), endpoint));
  }

  /**
   * Whether images go to the object store.
   *
   * @param objects the object store, if there is one
   */
  public boolean resultsInObjects(Optional<ObjectSettings> objects) {
    boolean wanted = constant(Setting.RESULTS, ResultPlace.class) == ResultPlace.OBJECTS;
    if (wanted && objects.isEmpty()) {
      invalid(Setting.RESULTS, "objects needs the setting objects, such as s3://bucket/prefix");
    }
    return wanted;
  }

  private Optional<URI> objectsEndpoint() {
    String text = text(Setting.OBJECTS_ENDPOINT);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI endpoint = new URI(text);
      if (List.of("http", "https").contains(String.valueOf(endpoint.getScheme()))
          && endpoint.getHost() != null
          && endpoint.getUserInfo() == null) {
        return Optional.of(endpoint);
      }
    } catch (URISyntaxException unreadable) {
      // Reported below.
    }
    invalid(Setting.OBJECTS_ENDPOINT, "must be http://host:port or https://host:port");
    return Optional.empty();
  }

  /** A built-in catalog by its name, or a file by its path. */
  public Catalog catalog() {
    String name = text(Setting.CATALOG);
    boolean file = name.contains("/") || name.endsWith(".yaml") || name.endsWith(".yml");
    try {
      return file ? CatalogFile.read(Path.of(name)) : CatalogFile.builtIn(name);
    } catch (UncheckedIOException | IllegalArgumentException unusable) {
      invalid(
          Setting.CATALOG,
          "must be nano, tiny, flux.1-dev or the path of a YAML file; " + unusable.getMessage());
      return CatalogFile.builtIn(CatalogFile.BUILT_IN_MODEL);
    }
  }

  /** The retention times. A process that does not know a key uses its default. */
  public Retention retention() {
    int results = integer(Setting.RESULT_HOURS);
    int records = integer(Setting.RECORD_HOURS, results);
    if (records < results) {
      invalid(Setting.RECORD_HOURS, "must be at least resultHours, " + results);
      return Retention.DEFAULT;
    }
    int tombstones = integer(Setting.TOMBSTONE_HOURS, records);
    if (tombstones < records) {
      invalid(Setting.TOMBSTONE_HOURS, "must be at least recordHours, " + records);
      return Retention.DEFAULT;
    }
    return new Retention(
        Duration.ofHours(results), Duration.ofHours(records), Duration.ofHours(tombstones));
  }

  public void invalid(Setting setting, String detail) {
    fields.invalid(setting.key(), detail);
  }

  /**
   * @param floor the default is at least this
   */
  private int integer(Setting setting, int floor) {
    return fields
        .integer(setting.key(), setting.least(), setting.most())
        .map(Long::intValue)
        .orElseGet(() -> Math.max(floor, Integer.parseInt(setting.byDefault())));
  }

  private static ObjectNode document(Sources sources, List<Setting> known) {
    ObjectNode document = sources.file().map(Settings::parse).orElseGet(YAML::createObjectNode);
    for (Setting setting : known) {
      Optional.ofNullable(sources.environment().get(setting.variable()))
          .ifPresent(text -> document.set(setting.key(), scalar(text)));
    }
    sources.flags().forEach((key, text) -> document.set(key, scalar(text)));
    return document;
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

  /** Numbers and flags as such, so that a setting means the same in every source. */
  private static JsonNode scalar(String text) {
    if (text.equals("true") || text.equals("false")) {
      return YAML.getNodeFactory().booleanNode(Boolean.parseBoolean(text));
    }
    return text.matches("-?\\d{1,18}")
        ? YAML.getNodeFactory().numberNode(Long.parseLong(text))
        : YAML.getNodeFactory().textNode(text);
  }
}
