package dev.polyptych.worker.config;

import dev.polyptych.engine.denoise.StepCache;
import dev.polyptych.engine.graph.WeightType;
import dev.polyptych.policy.schedule.ScheduleRules;
import dev.polyptych.schema.config.ObjectSettings;
import dev.polyptych.schema.config.Setting;
import dev.polyptych.schema.config.Setting.Owner;
import dev.polyptych.schema.config.Settings;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.worker.config.EngineSettings.ComputeChoice;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Reads and checks the settings of a worker; {@link Setting} holds their defaults and bounds. */
public final class WorkerConfigReader {
  private static final long MEGABYTE = 1024L * 1024;

  private final Settings settings;

  private WorkerConfigReader(Settings settings) {
    this.settings = settings;
  }

  /**
   * Reads the settings of the table that a worker has.
   *
   * @throws dev.polyptych.schema.config.ConfigException listing everything that is wrong
   */
  public static WorkerConfig read(Settings.Sources sources) {
    return Settings.read(
        sources, Setting.of(Owner.WORKER), settings -> new WorkerConfigReader(settings).config());
  }

  private WorkerConfig config() {
    Optional<ObjectSettings> objects = settings.objects();
    EngineSettings engine = engine();
    String group = settings.text(Setting.GROUP);
    return new WorkerConfig(
        settings.text(Setting.WORKER_ID, hostName() + "-" + ProcessHandle.current().pid()),
        new Connections(
            settings.bootstrapServers(),
            settings.kafkaSecurity(),
            group.isEmpty() ? Topics.group(engine.catalog().model()) : group,
            settings.text(Setting.ASSIGNOR),
            settings.redis()),
        engine,
        queue(),
        settings.retention(),
        objects,
        settings.resultsInObjects(objects),
        settings.text(Setting.BIND_HOST),
        settings.integer(Setting.WORKER_MANAGEMENT_PORT),
        settings.seconds(Setting.CHECKPOINT_SECONDS),
        health());
  }

  private HealthSettings health() {
    int read = settings.integer(Setting.ADAPTER_READ_SECONDS);
    if (settings.integer(Setting.STUCK_SECONDS) <= read) {
      settings.invalid(
          Setting.STUCK_SECONDS,
          "must be more than adapterReadSeconds, %d; a slow file is not a stuck device"
              .formatted(read));
    }
    return new HealthSettings(
        settings.seconds(Setting.UNDRAWABLE_SECONDS),
        settings.seconds(Setting.STUCK_SECONDS),
        settings.seconds(Setting.STORE_LOSS_SECONDS));
  }

  private EngineSettings engine() {
    ComputeChoice computing = settings.constant(Setting.COMPUTE_TYPE, ComputeChoice.class);
    WeightType weights = settings.constant(Setting.WEIGHT_TYPE, WeightType.class);
    boolean own = computing == ComputeChoice.AUTO || weights.computeType().isEmpty();
    if (!own && !weights.name().equals(computing.name())) {
      settings.invalid(
          Setting.WEIGHT_TYPE,
          "%s is computed with in %s: set computeType to auto"
              .formatted(weights.text(), weights.text()));
    }
    return new EngineSettings(
        Path.of(settings.required(Setting.MODEL)),
        settings.catalog(),
        computing,
        weights,
        settings.integer(Setting.INTRA_OP_THREADS),
        stepCache(),
        adapters());
  }

  private Optional<StepCache> stepCache() {
    try {
      return StepCache.read(settings.text(Setting.STEP_CACHE));
    } catch (IllegalArgumentException wrong) {
      settings.invalid(Setting.STEP_CACHE, wrong.getMessage());
      return Optional.empty();
    }
  }

  private AdapterSettings adapters() {
    return new AdapterSettings(
        megabytes(Setting.ADAPTER_CACHE_MEGABYTES),
        megabytes(Setting.ADAPTER_HOST_MEGABYTES),
        megabytes(Setting.ADAPTER_MERGE_MEGABYTES),
        Set.copyOf(settings.listed(Setting.PINNED_ADAPTERS)),
        settings.seconds(Setting.ADAPTER_READ_SECONDS),
        adapterStore(),
        megabytes(Setting.ADAPTER_STORE_MEGABYTES));
  }

  private Path adapterStore() {
    String folder = settings.text(Setting.ADAPTER_STORE);
    return folder.isEmpty()
        ? Path.of(System.getProperty("java.io.tmpdir"), "polyptych-adapters")
        : Path.of(folder);
  }

  private long megabytes(Setting setting) {
    return settings.integer(setting) * MEGABYTE;
  }

  private QueueSettings queue() {
    return new QueueSettings(
        settings.integer(Setting.CAPACITY),
        settings.seconds(Setting.REVOKE_WAIT_SECONDS),
        new ScheduleRules(
            settings.integer(Setting.STREAK_QUANTUM),
            settings.seconds(Setting.AGE_LIMIT_SECONDS),
            settings.integer(Setting.BATCH_EVERY)),
        settings.seconds(Setting.RETRY_BACKOFF_SECONDS));
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "worker";
    }
  }
}
