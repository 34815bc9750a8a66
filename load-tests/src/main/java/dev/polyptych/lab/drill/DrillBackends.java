package dev.polyptych.lab.drill;

import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The broker and the Redis that the drills break: the broker in this JVM, Redis as a process, with
 * the persistence that production has ({@code appendfsync everysec}). One thread at a time.
 */
final class DrillBackends implements AutoCloseable {
  private final Path folder;
  private final Map<String, String> brokerSettings;
  private final int brokerPort = FreePort.next();
  private final int redisPort;
  private RedisServer redis;
  private KafkaBroker broker;

  private DrillBackends(Path folder, Map<String, String> brokerSettings) {
    this.folder = folder;
    this.brokerSettings = brokerSettings;
    this.redis = RedisServer.start(Optional.of(folder.resolve("redis")), FreePort.next());
    this.redisPort = redis.uri().getPort();
    this.broker = startBroker();
  }

  /**
   * Starts them.
   *
   * @param session after which the broker gives a silent worker's partitions to others; at least 3
   *     seconds
   */
  static DrillBackends start(Path folder, int advertisedPort, Duration session) {
    return new DrillBackends(
        folder,
        Map.of(
            "advertised.listeners",
            "PLAINTEXT://127.0.0.1:" + advertisedPort,
            "group.consumer.session.timeout.ms",
            Long.toString(session.toMillis())));
  }

  /** Where the broker itself listens, on the loopback interface. */
  int brokerPort() {
    return brokerPort;
  }

  /** Where Redis itself listens, on the loopback interface. */
  int redisPort() {
    return redisPort;
  }

  /** Stops the broker in good order and starts it on its data and port. */
  void restartBroker() {
    broker.close();
    broker = startBroker();
  }

  /** Kills Redis as {@code kill -9} does and starts it on its data and port. */
  void restartRedis() {
    redis.kill();
    redis = RedisServer.start(Optional.of(folder.resolve("redis")), redisPort);
  }

  @Override
  public void close() {
    try {
      broker.close();
    } finally {
      redis.close();
    }
  }

  private KafkaBroker startBroker() {
    return KafkaBroker.start(folder.resolve("kafka"), brokerPort, brokerSettings);
  }
}
