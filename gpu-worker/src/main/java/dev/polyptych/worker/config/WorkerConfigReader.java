package dev.polyptych.worker.config;

import dev.polyptych.engine.denoise.StepCache;
import dev.polyptych.policy.schedule.ScheduleRules;
import dev.polyptych.schema.config.Settings;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.worker.config.EngineSettings.ComputeChoice;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads a {@link WorkerConfig}; every default stands here and is pinned by a test. */
public final class WorkerConfigReader {
  /** All keys, as written in the file and after two dashes on the command line. */
  public static final List<String> KEYS =
      List.of(
          "workerId",
          "bootstrapServers",
          "kafkaProperties",
          "group",
          "assignor",
          "redis",
          "model",
          "catalog",
          "computeType",
          "intraOpThreads",
          "stepCache",
          "adapterCacheMegabytes",
          "adapterHostMegabytes",
          "adapterMergeMegabytes",
          "pinnedAdapters",
          "capacity",
          "revokeWaitSeconds",
          "streakQuantum",
          "ageLimitSeconds",
          "batchEvery",
          "retryBackoffSeconds",
          "resultHours",
          "recordHours",
          "managementPort",
          "checkpointSeconds");

  private static final long MEGABYTE = 1024L * 1024;

  private final Settings settings;

  private WorkerConfigReader(Settings settings) {
    this.settings = settings;
  }

  /**
   * @throws dev.polyptych.schema.config.ConfigException listing everything that is wrong
   */
  public static WorkerConfig read(Settings.Sources sources) {
    return Settings.read(sources, KEYS, settings -> new WorkerConfigReader(settings).config());
  }

  private WorkerConfig config() {
    return new WorkerConfig(
        settings.text("workerId", hostName() + "-" + ProcessHandle.current().pid()),
        new Connections(
            settings.bootstrapServers(),
            settings.kafkaSecurity(),
            settings.text("group", Topics.WORKER_GROUP),
            settings.text("assignor", "range"),
            settings.redis()),
        engine(),
        queue(),
        settings.retention(),
        settings.integer("managementPort", 0, 65_535, 8082),
        Duration.ofSeconds(settings.integer("checkpointSeconds", 0, 3600, 5)));
  }

  private EngineSettings engine() {
    return new EngineSettings(
        Path.of(settings.text("model")),
        settings.catalog(),
        settings.constant("computeType", ComputeChoice.values(), ComputeChoice.AUTO),
        settings.integer("intraOpThreads", 0, 1024, 0),
        stepCache(),
        adapters());
  }

  private Optional<StepCache> stepCache() {
    try {
      return StepCache.read(settings.text("stepCache", "none"));
    } catch (IllegalArgumentException wrong) {
      settings.invalid("stepCache", wrong.getMessage());
      return Optional.empty();
    }
  }

  private AdapterSettings adapters() {
    return new AdapterSettings(
        megabytes("adapterCacheMegabytes", 1, 2048),
        megabytes("adapterHostMegabytes", 1, 1024),
        megabytes("adapterMergeMegabytes", 0, 0),
        Arrays.stream(settings.text("pinnedAdapters", "").split(","))
            .map(String::strip)
            .filter(id -> !id.isEmpty())
            .collect(Collectors.toSet()));
  }

  private long megabytes(String key, int least, int byDefault) {
    return settings.integer(key, least, 1_048_576, byDefault) * MEGABYTE;
  }

  private QueueSettings queue() {
    ScheduleRules rules = ScheduleRules.DEFAULT;
    int ageLimitSeconds = (int) rules.ageLimit().toSeconds();
    return new QueueSettings(
        settings.integer("capacity", 1, 10_000, 128),
        Duration.ofSeconds(settings.integer("revokeWaitSeconds", 0, 240, 15)),
        new ScheduleRules(
            settings.integer("streakQuantum", 1, 1000, rules.streakQuantum()),
            Duration.ofSeconds(settings.integer("ageLimitSeconds", 1, 86_400, ageLimitSeconds)),
            settings.integer("batchEvery", 1, 1000, rules.batchEvery())),
        Duration.ofSeconds(settings.integer("retryBackoffSeconds", 0, 60, 2)));
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "worker";
    }
  }
}
