package dev.polyptych.worker.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.schema.config.ConfigDocument;
import dev.polyptych.schema.config.ConfigException;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.json.FieldReader;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.worker.config.EngineSettings.ComputeChoice;
import dev.polyptych.worker.schedule.ScheduleRules;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads a {@link WorkerConfig}; every default stands here and is pinned by a test. */
public final class WorkerConfigReader {
  /** All keys, as written in the file and after two dashes on the command line. */
  public static final List<String> KEYS =
      List.of(
          "workerId",
          "bootstrapServers",
          "group",
          "redis",
          "model",
          "catalog",
          "computeType",
          "intraOpThreads",
          "adapterCacheMegabytes",
          "adapterHostMegabytes",
          "adapterMergeMegabytes",
          "pinnedAdapters",
          "capacity",
          "revokeWaitSeconds",
          "streakQuantum",
          "ageLimitSeconds",
          "batchEvery",
          "managementPort");

  private static final long MEGABYTE = 1024L * 1024;

  private final FieldReader fields;

  private WorkerConfigReader(FieldReader fields) {
    this.fields = fields;
  }

  /**
   * @param file optional YAML file; the environment goes over it, the flags over both
   * @throws ConfigException listing everything that is wrong
   */
  public static WorkerConfig read(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    ObjectNode document = ConfigDocument.read(file, environment, flags, KEYS);
    List<FieldProblem> problems = new ArrayList<>();
    FieldReader fields = new FieldReader(document, "", problems);
    fields.refuseUnknown(KEYS);
    WorkerConfig config = new WorkerConfigReader(fields).config();
    if (!problems.isEmpty()) {
      throw ConfigException.of(problems);
    }
    return config;
  }

  private WorkerConfig config() {
    return new WorkerConfig(
        fields.optionalText("workerId").orElseGet(WorkerConfigReader::hostAndProcess),
        connections(),
        engine(),
        queue(),
        integer("managementPort", 0, 65_535, 8082));
  }

  private Connections connections() {
    return new Connections(
        fields.optionalText("bootstrapServers").orElse("localhost:9092"),
        fields.optionalText("group").orElse(Topics.WORKER_GROUP),
        redis());
  }

  private URI redis() {
    String text = fields.optionalText("redis").orElse("redis://localhost:6379");
    try {
      URI address = URI.create(text);
      if (address.getHost() != null && List.of("redis", "rediss").contains(address.getScheme())) {
        return address;
      }
    } catch (IllegalArgumentException unreadable) {
      // Told below, without the text: it may hold a password.
    }
    fields.invalid("redis", "must be an address such as redis://localhost:6379");
    return URI.create("redis://invalid");
  }

  private EngineSettings engine() {
    return new EngineSettings(
        Path.of(fields.text("model", 4096)),
        fields.optionalText("catalog").orElse("tiny"),
        fields.constant("computeType", ComputeChoice.values()).orElse(ComputeChoice.AUTO),
        integer("intraOpThreads", 0, 1024, 0),
        adapters());
  }

  private AdapterSettings adapters() {
    String pinned = fields.optionalText("pinnedAdapters").orElse("");
    return new AdapterSettings(
        megabytes("adapterCacheMegabytes", 1, 2048),
        megabytes("adapterHostMegabytes", 1, 1024),
        megabytes("adapterMergeMegabytes", 0, 0),
        Arrays.stream(pinned.split(","))
            .map(String::strip)
            .filter(id -> !id.isEmpty())
            .collect(Collectors.toSet()));
  }

  private long megabytes(String key, int least, int byDefault) {
    return integer(key, least, 1_048_576, byDefault) * MEGABYTE;
  }

  private QueueSettings queue() {
    return new QueueSettings(
        integer("capacity", 1, 10_000, 32),
        Duration.ofSeconds(integer("revokeWaitSeconds", 0, 240, 15)),
        new ScheduleRules(
            integer("streakQuantum", 1, 1000, ScheduleRules.DEFAULT.streakQuantum()),
            Duration.ofSeconds(integer("ageLimitSeconds", 1, 86_400, defaultAgeLimitSeconds())),
            integer("batchEvery", 1, 1000, ScheduleRules.DEFAULT.batchEvery())));
  }

  private static int defaultAgeLimitSeconds() {
    return (int) ScheduleRules.DEFAULT.ageLimit().toSeconds();
  }

  private int integer(String key, int least, int most, int byDefault) {
    return fields.integer(key, least, most).orElse((long) byDefault).intValue();
  }

  private static String hostAndProcess() {
    return hostName() + "-" + ProcessHandle.current().pid();
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "worker";
    }
  }
}
