package dev.polyptych.worker.config;

import dev.polyptych.schema.config.KafkaSecurity;
import java.net.URI;
import java.time.Duration;

/**
 * The worker's broker and Redis.
 *
 * @param bootstrapServers {@code host:port}, comma-separated
 * @param kafkaSecurity the key {@code kafkaProperties} names its file
 * @param group consumer group; all workers of a base share it
 * @param assignor the broker's assignor of partitions; of Kafka's own only {@code range} works,
 *     because a worker must have the same partition numbers of both lanes
 * @param redis may hold a password, so it is never printed
 */
public record Connections(
    String bootstrapServers,
    KafkaSecurity kafkaSecurity,
    String group,
    String assignor,
    URI redis) {
  /** How long Kafka's clients look for an address of the brokers' names: as good as for ever. */
  public static final long RESOLVE_MILLIS = Duration.ofDays(365).toMillis();

  @Override
  public String toString() {
    return "Connections[bootstrapServers=%s, group=%s, redis=%s:%d]"
        .formatted(bootstrapServers, group, redis.getHost(), redis.getPort());
  }
}
