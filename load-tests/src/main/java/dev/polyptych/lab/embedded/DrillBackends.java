package dev.polyptych.lab.embedded;

import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.lab.drill.Backends;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A broker in this JVM and a Redis beside it that can be restarted. One thread at a time. */
public final class DrillBackends implements Backends {
  private final Path folder;
  private final Map<String, String> brokerSettings;
  private final int brokerPort = FreePort.next();
  private final int redisPort;
  private RedisServer redis;
  private KafkaBroker broker;

  private DrillBackends(Path folder, Map<String, String> brokerSettings) {
    this.folder = folder;
    this.brokerSettings = brokerSettings;
    this.redis = RedisServer.lossless(folder.resolve("redis"), FreePort.next());
    this.redisPort = redis.uri().getPort();
    this.broker = startBroker();
  }

  /**
   * Starts them.
   *
   * @param session after which the broker gives a silent worker's partitions to others; at least 3
   *     seconds
   */
  public static Backends start(Path folder, int advertisedPort, Duration session) {
    return new DrillBackends(
        folder,
        Map.of(
            "advertised.listeners",
            "PLAINTEXT://127.0.0.1:" + advertisedPort,
            "group.consumer.session.timeout.ms",
            Long.toString(session.toMillis())));
  }

  @Override
  public int brokerPort() {
    return brokerPort;
  }

  @Override
  public int redisPort() {
    return redisPort;
  }

  @Override
  public void restartBroker() {
    broker.close();
    broker = startBroker();
  }

  @Override
  public void restartRedis() {
    redis.close();
    redis = RedisServer.lossless(folder.resolve("redis"), redisPort);
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
