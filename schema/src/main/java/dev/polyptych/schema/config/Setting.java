package dev.polyptych.schema.config;

import static dev.polyptych.schema.config.Setting.Owner.BOTH;
import static dev.polyptych.schema.config.Setting.Owner.DISPATCHER;
import static dev.polyptych.schema.config.Setting.Owner.WORKER;

import dev.polyptych.schema.catalog.CatalogFile;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The one table of settings. The readers of both processes take key, default and bounds from here;
 * {@code polyptych settings} and {@code docs/settings.md} are generated from it.
 */
public enum Setting {
  BOOTSTRAP_SERVERS(
      BOTH, "bootstrapServers", Value.text("localhost:9092", "host:port,…"), "The Kafka brokers."),
  KAFKA_PROPERTIES(
      BOTH,
      "kafkaProperties",
      Value.text("", "file"),
      "Kafka client properties for TLS and log-on: security.*, sasl.*, ssl.* and config.providers*."
          + " Without it, connections are plain."),
  REDIS(
      BOTH,
      "redis",
      Value.text("redis://localhost:6379", "redis:// or rediss://"),
      "Address of Redis: redis://[user:password@]host:port, or rediss:// for TLS. Set it by the"
          + " environment variable when it holds a password."),
  CATALOG(
      BOTH,
      "catalog",
      Value.text(CatalogFile.BUILT_IN_MODEL, "nano, tiny, flux.1-dev or file"),
      "The catalog of tasks: a built-in one by its name, or a YAML file. Dispatchers and workers of"
          + " a cluster need the same one."),
  RESULT_HOURS(
      BOTH,
      "resultHours",
      Value.whole(24, 1, 24 * 365, "hours"),
      "How long images are kept after the job has ended."),
  RECORD_HOURS(
      BOTH,
      "recordHours",
      Value.whole(24 * 7, 1, 24 * 365, "hours"),
      "How long the record and the events of an ended job are kept. At least resultHours; the"
          + " default grows with it."),
  BIND_HOST(
      BOTH,
      "bindHost",
      Value.text("127.0.0.1", "address"),
      "Address that a process listens on: the dispatcher's API and every management port. At a"
          + " dispatcher, an address that other machines reach needs tenants or openMode."),
  OBJECTS(
      BOTH,
      "objects",
      Value.text("", "file:///folder or s3://bucket/prefix"),
      "The object store: a folder that all processes share, or a bucket of S3 or a store that speaks"
          + " its protocol. All processes of a cluster need the same one. Credentials and region come"
          + " from where the AWS SDK looks for them. Without it, images lie in Redis. polyptych up"
          + " uses a folder of its data folder."),
  OBJECTS_ENDPOINT(
      BOTH,
      "objectsEndpoint",
      Value.text("", "http:// or https://"),
      "Address of a store that is not Amazon's, for example MinIO, R2 or Google's. Links that"
          + " resultLinks signs lead there."),
  RESULTS(
      BOTH,
      "results",
      Value.text("redis", "redis, objects"),
      "Where images go: those that a worker draws, and references that callers upload to a"
          + " dispatcher. objects needs the setting objects at all processes."),

  PORT(
      DISPATCHER,
      "port",
      Value.whole(8080, 0, 65_535, ""),
      "Port of the API. 0 takes any free port."),
  DISPATCHER_MANAGEMENT_PORT(
      DISPATCHER,
      "managementPort",
      Value.whole(8081, 0, 65_535, ""),
      "Port of health and metrics. It asks for no key. 0 takes any free port."),
  BODY_LIMIT_BYTES(
      DISPATCHER,
      "bodyLimitBytes",
      // A Kafka record holds the request. The broker takes 1 MiB by default, headers included.
      Value.whole(256 * 1024, 1024, 768 * 1024, "bytes"),
      "The largest request body that is read."),
  PARTITIONS(
      DISPATCHER,
      "partitions",
      Value.whole(32, 1, 10_000, "partitions"),
      "Partitions of each lane when this dispatcher makes the topics. Existing topics keep theirs."
          + " More workers than partitions leave workers idle."),
  TOMBSTONE_HOURS(
      DISPATCHER,
      "tombstoneHours",
      Value.whole(24 * 30, 1, 24 * 3650, "hours"),
      "How long the bare outcome of a job is kept, so that \"gone\" differs from \"unknown\". At"
          + " least recordHours; the default grows with it."),
  CONCURRENT_CALLS(
      DISPATCHER,
      "concurrentCalls",
      Value.whole(256, 1, 10_000, "calls"),
      "Blocking calls of each kind (submissions, reads) that may wait for Kafka or Redis at once."
          + " Further calls are refused with 503."),
  SWEEP_AFTER_SECONDS(
      DISPATCHER,
      "sweepAfterSeconds",
      Value.whole(30, 15, 3600, "seconds"),
      "Age at which a job that was accepted but never queued is produced again."),
  LANE_JOBS(
      DISPATCHER,
      "laneJobs",
      Value.whole(100_000, 1, 100_000_000, "jobs"),
      "Jobs that a lane may hold before they have ended. Further jobs are refused with 429."),
  TENANTS(
      DISPATCHER,
      "tenants",
      Value.text("", "file"),
      "Tenants, digests of their API keys and their quotas, as YAML. Without it, every caller is"
          + " let in."),
  OPEN_MODE(
      DISPATCHER,
      "openMode",
      Value.flag(),
      "Let every caller in though other machines reach bindHost, for instance behind your own"
          + " gateway. Contradicts tenants."),
  RESULT_LINKS(
      DISPATCHER,
      "resultLinks",
      Value.text("stream", "stream, signed"),
      "How the dispatcher hands out images that lie in the object store: stream sends the bytes;"
          + " signed redirects to a link that is valid for 10 minutes. A file: store has no links."),
  ADAPTER_MEGABYTES(
      DISPATCHER,
      "adapterMegabytes",
      Value.whole(4_096, 1, 1_000_000, "MB"),
      "The largest adapter file that can be registered."),
  SOURCE_HOSTS(
      DISPATCHER,
      "sourceHosts",
      Value.text("", "hosts"),
      "Hosts of your own, host or host:port, that adapters may be fetched from though they have no"
          + " public address or no TLS. Other sources must be https: at a public address."),
  SOURCE_BUCKETS(
      DISPATCHER,
      "sourceBuckets",
      Value.text("", "buckets"),
      "Buckets that adapters may be fetched from as s3://bucket/key. Every caller may then read any"
          + " adapter there by the credentials of the dispatcher."),
  SOURCE_FOLDERS(
      DISPATCHER,
      "sourceFolders",
      Value.text("", "folders"),
      "Folders of the dispatcher's machine that adapters may be taken from as file:///folder/file."),
  HUB(
      DISPATCHER,
      "hub",
      Value.text("https://huggingface.co", "https:// or http://"),
      "The Hugging Face Hub or a mirror of it, for sources such as hf://owner/repo/file@revision."),
  HUB_TOKEN(
      DISPATCHER,
      "hubToken",
      Value.text("", "token"),
      "Token for files of the hub that need one. It is sent to the hub alone."),
  CALLBACK_SECRET(
      DISPATCHER,
      "callbackSecret",
      Value.text("", "whsec_…"),
      "Secret that signs callbacks: whsec_ and 24 to 64 bytes in base 64. Two with a comma between"
          + " while one replaces the other. Without it, jobs can't have a callback."),
  CALLBACK_ALLOW(
      DISPATCHER,
      "callbackAllow",
      Value.text("", "ranges"),
      "Address ranges that callbacks may reach though they are not public, for example"
          + " 10.1.0.0/16,fc00::/7."),
  CALLBACK_RETRY_HOURS(
      DISPATCHER,
      "callbackRetryHours",
      Value.whole(24, 1, 72, "hours"),
      "How long a callback is tried before the dispatcher gives up."),

  MODEL(
      WORKER,
      "model",
      Value.text("", "path"),
      "The model: a folder in diffusers layout, a safetensors file with all parts, or a model file"
          + " (YAML) that names the parts. Its adapters lie in adapters below the folder or beside"
          + " the file. Required. The command polyptych worker takes the built-in model when neither"
          + " this nor --config is given."),
  WORKER_ID(
      WORKER,
      "workerId",
      Value.text("", "text"),
      "Name of this worker, unique among live ones. By default host name and process id."),
  GROUP(
      WORKER,
      "group",
      Value.text("", "text"),
      "Kafka consumer group. All workers of a base share it. By default polyptych.gpu-workers. and"
          + " the base's id."),
  ASSIGNOR(
      BOTH,
      "assignor",
      Value.text("range", "text"),
      "The broker's assignor of partitions. A worker needs the same partition numbers of both lanes;"
          + " of Kafka's own assignors only range does that. polyptych-lanes moves fewer partitions"
          + " and must be installed in the brokers. Dispatchers share the inbox by it."),
  COMPUTE_TYPE(
      WORKER,
      "computeType",
      Value.text("auto", "auto, float32, bfloat16"),
      "Type that the model computes in. auto takes what the device multiplies natively."),
  WEIGHT_TYPE(
      WORKER,
      "weightType",
      Value.text("auto", "auto, float32, bfloat16, float8"),
      "How the weights of transformer and T5 lie in memory. auto takes what the model computes in,"
          + " and float8 where that does not fit the device's memory."),
  INTRA_OP_THREADS(
      WORKER,
      "intraOpThreads",
      Value.whole(0, 0, 1024, "threads"),
      "CPU threads of one operation. 0 leaves the choice to the engine."),
  STEP_CACHE(
      WORKER,
      "stepCache",
      Value.text("none", "none, first-block:X, teacache:X"),
      "Lets steps reuse what an earlier step computed. Faster, but the pictures are no longer the"
          + " model's own."),
  ADAPTER_CACHE_MEGABYTES(
      WORKER,
      "adapterCacheMegabytes",
      Value.whole(2048, 1, 1_048_576, "MiB"),
      "Device memory for adapters, beside the base model."),
  ADAPTER_HOST_MEGABYTES(
      WORKER,
      "adapterHostMegabytes",
      Value.whole(1024, 1, 1_048_576, "MiB"),
      "Host memory for adapters."),
  ADAPTER_MERGE_MEGABYTES(
      WORKER,
      "adapterMergeMegabytes",
      Value.whole(0, 0, 1_048_576, "MiB"),
      "Memory for the layers of a merged adapter. 0 never merges, so that a seed gives the same bits"
          + " regardless of waiting jobs."),
  ADAPTER_STORE(
      WORKER,
      "adapterStore",
      Value.text("", "folder"),
      "Folder for the adapters that are fetched from the object store. Workers of a machine may share"
          + " it. By default polyptych-adapters in the folder for temporary files."),
  ADAPTER_STORE_MEGABYTES(
      WORKER,
      "adapterStoreMegabytes",
      Value.whole(20_000, 1, 100_000_000, "MiB"),
      "Disk space for that folder. The files used longest ago go first. Those that the first waiting"
          + " jobs need stay, so it may hold up to 16 more."),
  PINNED_ADAPTERS(
      WORKER,
      "pinnedAdapters",
      Value.text("", "id,…"),
      "Adapters that are never evicted once they are read."),
  CAPACITY(
      WORKER,
      "capacity",
      Value.whole(128, 1, 10_000, "records"),
      "Records of each lane that a worker takes ahead. At the limit it pauses the lane's partitions."
          + " More finds more jobs for the warm adapter; fewer means less redelivery after a crash."),
  REVOKE_WAIT_SECONDS(
      WORKER,
      "revokeWaitSeconds",
      Value.whole(15, 0, 240, "seconds"),
      "How long a running job may continue after its partition was revoked."),
  STREAK_QUANTUM(
      WORKER,
      "streakQuantum",
      Value.whole(4, 1, 1000, "jobs"),
      "Jobs that follow a swap before anything but warmth counts, until swap costs are measured."),
  AGE_LIMIT_SECONDS(
      WORKER,
      "ageLimitSeconds",
      Value.whole(60, 1, 86_400, "seconds"),
      "A job that has waited so long goes next once the streak is used up."),
  BATCH_EVERY(
      WORKER,
      "batchEvery",
      Value.whole(4, 1, 1000, "jobs"),
      "After so many interactive jobs, one batch job is due."),
  RETRY_BACKOFF_SECONDS(
      WORKER,
      "retryBackoffSeconds",
      Value.whole(2, 0, 60, "seconds"),
      "Wait after a first failed attempt. Doubles with each further one."),
  WORKER_MANAGEMENT_PORT(
      WORKER,
      "managementPort",
      Value.whole(8082, 0, 65_535, ""),
      "Port of health and metrics. It asks for no key. 0 takes any free port."),
  CHECKPOINT_SECONDS(
      WORKER,
      "checkpointSeconds",
      Value.whole(5, 0, 3600, "seconds"),
      "Time between checkpoints of a running job: the work that a crash costs at most. 0 makes one"
          + " after every step."),
  UNDRAWABLE_SECONDS(
      WORKER,
      "undrawableSeconds",
      Value.whole(60, 0, 86_400, "seconds"),
      "How long a job that this worker can't draw waits for a live worker that can. Then it fails."),
  ADAPTER_READ_SECONDS(
      WORKER,
      "adapterReadSeconds",
      Value.whole(60, 1, 3600, "seconds"),
      "How long reading an adapter's file may take. Then another worker gets the job."),
  STUCK_SECONDS(
      WORKER,
      "stuckSeconds",
      Value.whole(120, 1, 86_400, "seconds"),
      "How long one device phase of a job (adapter to the device, text, one step, decoding) may take"
          + " at least before the worker counts as stuck and ends. More than adapterReadSeconds. A"
          + " phase may always take ten times its measured time, and as long as the start did."),
  STORE_LOSS_SECONDS(
      WORKER,
      "storeLossSeconds",
      Value.whole(15, 2, 3600, "seconds"),
      "After so long without an answer of Redis the worker gives its partitions back. It joins again"
          + " when Redis answers.");

  private final Owner owner;
  private final String key;
  private final String byDefault;
  private final String unit;
  private final int least;
  private final int most;
  private final String text;

  /** The process that knows a setting. */
  public enum Owner {
    DISPATCHER,
    WORKER,
    BOTH;

    /** As users write it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What may be set.
   *
   * @param byDefault as a user would write it; empty where there is none, or it is computed
   * @param unit unit of a number, or form of a text
   * @param least minimum of a number
   * @param most maximum of a number; 0 for a text
   */
  private record Value(String byDefault, String unit, int least, int most) {
    private static Value text(String byDefault, String form) {
      return new Value(byDefault, form, 0, 0);
    }

    private static Value whole(int byDefault, int least, int most, String unit) {
      return new Value(Integer.toString(byDefault), unit, least, most);
    }

    private static Value flag() {
      return new Value("false", "true or false", 0, 0);
    }
  }

  Setting(Owner owner, String key, Value value, String text) {
    this.owner = owner;
    this.key = key;
    this.byDefault = value.byDefault();
    this.unit = value.unit();
    this.least = value.least();
    this.most = value.most();
    this.text = text;
  }

  /** All settings that a process knows, in the order of the table. */
  public static List<Setting> of(Owner process) {
    return Arrays.stream(values())
        .filter(
            setting ->
                process == Owner.BOTH || setting.owner == Owner.BOTH || setting.owner == process)
        .toList();
  }

  /** The keys of {@link #of}. */
  public static List<String> keys(Owner process) {
    return of(process).stream().map(Setting::key).toList();
  }

  public Owner owner() {
    return owner;
  }

  /** The key in the file and after {@code --set}. */
  public String key() {
    return key;
  }

  /** The environment variable: {@code bodyLimitBytes} is {@code POLYPTYCH_BODY_LIMIT_BYTES}. */
  public String variable() {
    return "POLYPTYCH_" + key.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
  }

  /** As a user would write it; empty where there is none, or it is computed. */
  public String byDefault() {
    return byDefault;
  }

  /** The form of a text, or the unit and bounds of a number. */
  public String allowed() {
    return number() ? "%d to %d %s".formatted(least, most, unit).strip() : unit;
  }

  /** A description in sentences. */
  public String text() {
    return text;
  }

  boolean number() {
    return most > 0;
  }

  int least() {
    return least;
  }

  int most() {
    return most;
  }
}
