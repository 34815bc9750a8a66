package dev.polyptych.lab.drill;

import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.lab.process.Await;
import dev.polyptych.schema.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import redis.clients.jedis.Jedis;

/**
 * The broker and the Redis that the drills break: the broker in this JVM, Redis as a process, with
 * the persistence that production has ({@code appendfsync everysec}). One thread at a time.
 */
final class DrillBackends implements AutoCloseable {
  /** Where Redis keeps its data. */
  private static final String FILE = "appendonly.aof";

  private final Path folder;
  private final String base;
  private final Map<String, String> brokerSettings;
  private final int brokerPort = FreePort.next();
  private int redisPort;
  private Path redisFolder;
  private RedisServer redis;
  private int redisFolders;

  /** How Redis is emptied the next time. */
  private boolean flushes;

  private Path copy;
  private RedisServer replica;
  private TcpProxy replicaLink;
  private Path replicaFolder;
  private KafkaBroker broker;

  /** Partitions of each lane, once the lanes were deleted. */
  private int laneSize;

  private DrillBackends(Path folder, String base, Map<String, String> brokerSettings) {
    this.folder = folder;
    this.base = base;
    this.brokerSettings = brokerSettings;
    this.redisFolder = folder.resolve("redis");
    this.redis = RedisServer.start(Optional.of(redisFolder), FreePort.next());
    this.redisPort = redis.uri().getPort();
    this.broker = startBroker();
  }

  /**
   * Starts them.
   *
   * @param base id of the model whose lanes the drills break
   * @param session after which the broker gives a silent worker's partitions to others; at least 3
   *     seconds
   */
  static DrillBackends start(Path folder, String base, int advertisedPort, Duration session) {
    return new DrillBackends(
        folder,
        base,
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
    redis = RedisServer.start(Optional.of(redisFolder), redisPort);
  }

  /**
   * Empties Redis: kills it as {@code kill -9} does and starts it without data on its port; every
   * other time by FLUSHALL while it runs.
   */
  void wipeRedis() {
    if (flushes) {
      try (Jedis jedis = new Jedis(redis.uri())) {
        jedis.flushAll();
      }
    } else {
      emptyRedis();
    }
    flushes = !flushes;
  }

  private void emptyRedis() {
    redis.kill();
    redisFolder = newFolder();
    redis = RedisServer.start(Optional.of(redisFolder), redisPort);
  }

  /** Copies the append-only file as it is now, as a backup does. */
  void copyRedis() {
    copy = newFolder();
    try {
      Files.copy(redisFolder.resolve(FILE), Files.createDirectories(copy).resolve(FILE));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Kills Redis and starts it on its port with the data of the copy. */
  void restoreRedis() {
    redis.kill();
    redisFolder = copy;
    redis = RedisServer.start(Optional.of(redisFolder), redisPort);
  }

  private Path newFolder() {
    return folder.resolve("redis-" + ++redisFolders);
  }

  /** Starts a replica, waits until it has all data, and lets its link to Redis fall silent. */
  void startSilentReplica() throws InterruptedException {
    replicaLink = TcpProxy.open();
    replicaLink.leadTo(redisPort);
    replicaFolder = newFolder();
    replica = RedisServer.start(Optional.of(replicaFolder), FreePort.next());
    URI master = redis.uri();
    try (Jedis jedis = new Jedis(replica.uri())) {
      String[] user = master.getUserInfo().split(":", 2);
      jedis.configSet("masteruser", user[0]);
      jedis.configSet("masterauth", user[1]);
      jedis.replicaof(master.getHost(), replicaLink.port());
      Await.until(
          "a replica of Redis to have its data",
          Duration.ofMinutes(1),
          () -> Await.when(jedis.info("replication").contains("master_link_status:up")));
      replicaLink.silence(true);
    }
  }

  /** Kills Redis. Its replica takes its place, as a sentinel does it. Returns its port. */
  int promoteReplica() {
    redis.kill();
    try (Jedis jedis = new Jedis(replica.uri())) {
      jedis.replicaofNoOne();
    }
    replicaLink.close();
    redis = replica;
    redisPort = replica.uri().getPort();
    redisFolder = replicaFolder;
    return redisPort;
  }

  /** Deletes all records of the lanes that are there now. */
  void deleteRecords() {
    admin(
        admin -> {
          Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
          admin
              .describeTopics(Topics.lanes(base))
              .allTopicNames()
              .get()
              .forEach(
                  (name, topic) ->
                      topic
                          .partitions()
                          .forEach(
                              partition ->
                                  all.put(
                                      new TopicPartition(name, partition.partition()),
                                      RecordsToDelete.beforeOffset(-1))));
          admin.deleteRecords(all).all().get();
        });
  }

  void deleteLanes() {
    admin(
        admin -> {
          laneSize =
              admin
                  .describeTopics(Topics.lanes(base))
                  .allTopicNames()
                  .get()
                  .values()
                  .iterator()
                  .next()
                  .partitions()
                  .size();
          admin.deleteTopics(Topics.lanes(base)).all().get();
        });
  }

  /** Makes the lanes as they were before they were deleted, without their records. */
  void makeLanes() {
    admin(
        admin ->
            admin
                .createTopics(
                    Topics.lanes(base).stream()
                        .map(name -> new NewTopic(name, Optional.of(laneSize), Optional.empty()))
                        .toList())
                .all()
                .get());
  }

  /** What an operator does. */
  private interface AdminWork {
    void on(Admin admin) throws ExecutionException, InterruptedException;
  }

  private void admin(AdminWork work) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + brokerPort))) {
      work.on(admin);
    } catch (ExecutionException refused) {
      throw new DrillFailedException("the broker refused: " + refused.getCause());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new DrillFailedException("interrupted");
    }
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
