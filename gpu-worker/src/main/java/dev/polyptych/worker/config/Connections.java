package dev.polyptych.worker.config;

import dev.polyptych.schema.config.KafkaSecurity;
import java.net.URI;

/**
 * What the worker talks to.
 *
 * @param bootstrapServers {@code host:port}, comma-separated
 * @param kafkaSecurity the key {@code kafkaProperties} names its file
 * @param assignor by which the broker gives partitions to workers: of Kafka's own {@code range}
 *     alone will do, since a worker must have the same numbers of both lanes
 * @param group consumer group; all workers of a cluster share it
 * @param redis may hold a password, so it is never printed
 */
public record Connections(
    String bootstrapServers,
    KafkaSecurity kafkaSecurity,
    String group,
    String assignor,
    URI redis) {
  @Override
  public String toString() {
    return "Connections[bootstrapServers=%s, group=%s, redis=%s:%d]"
        .formatted(bootstrapServers, group, redis.getHost(), redis.getPort());
  }
}
