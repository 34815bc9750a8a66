package dev.polyptych.embedded;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/** One Kafka broker that is its own controller (KRaft), on the loopback interface. */
public final class KafkaBroker implements AutoCloseable {
  /** After which a silent member's partitions go to others, unless other settings are given. */
  public static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

  private static final String HOST = "127.0.0.1";
  private static final int NODE = 1;

  private final int port;
  private final KafkaRaftServer server;

  private KafkaBroker(int port, KafkaRaftServer server) {
    this.port = port;
    this.server = server;
  }

  /** Starts on a free port; see {@link #start(Path, int)}. */
  public static KafkaBroker start(Path folder) {
    return start(folder, FreePort.next());
  }

  /**
   * Starts and returns when clients can connect.
   *
   * @param folder keeps the log; a broker started on it again has its topics and offsets
   */
  public static KafkaBroker start(Path folder, int port) {
    return start(folder, port, Map.of());
  }

  /**
   * As {@link #start(Path, int)}.
   *
   * @param more settings of Kafka's, over ours
   */
  public static KafkaBroker start(Path folder, int port, Map<String, String> more) {
    Map<String, String> settings = settings(folder, port, FreePort.next());
    settings.putAll(more);
    KafkaConfig config = new KafkaConfig(settings, false);
    formatOnce(folder);
    KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
    server.startup();
    return new KafkaBroker(port, server);
  }

  public String bootstrapServers() {
    return HOST + ":" + port;
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static Map<String, String> settings(Path folder, int port, int controllerPort) {
    Map<String, String> settings = new HashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(NODE));
    settings.put("controller.quorum.voters", NODE + "@" + HOST + ":" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put(
        "listeners",
        "PLAINTEXT://%s:%d,CONTROLLER://%s:%d".formatted(HOST, port, HOST, controllerPort));
    settings.put("log.dirs", folder.toString());
    // One broker: whatever asks for more replicas gets one.
    settings.put("default.replication.factor", "1");
    settings.put("min.insync.replicas", "1");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "1");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("auto.create.topics.enable", "false");
    // A fleet of one to three has nobody to wait for: assign at once, notice the dead soon.
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put(
        "group.consumer.assignors", "uniform,range," + LaneAssignor.class.getCanonicalName());
    settings.put("group.consumer.heartbeat.interval.ms", "1000");
    settings.put("group.consumer.min.heartbeat.interval.ms", "1000");
    settings.put("group.consumer.session.timeout.ms", Long.toString(SESSION_TIMEOUT.toMillis()));
    settings.put("group.consumer.min.session.timeout.ms", "3000");
    settings.put("log.cleaner.dedupe.buffer.size", "4194304");
    return settings;
  }

  private static void formatOnce(Path folder) {
    if (Files.exists(folder.resolve("meta.properties"))) {
      return;
    }
    try (PrintStream silent = new PrintStream(PrintStream.nullOutputStream())) {
      new Formatter()
          .setPrintStream(silent)
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .setNodeId(NODE)
          .setClusterId(Uuid.randomUuid().toString())
          .setDirectories(List.of(folder.toString()))
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .setControllerListenerName("CONTROLLER")
          .setMetadataLogDirectory(folder.toString())
          .run();
    } catch (Exception unusable) {
      throw new IllegalStateException("the broker's folder " + folder + " can't be used", unusable);
    }
  }
}
