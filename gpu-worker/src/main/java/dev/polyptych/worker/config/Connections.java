package dev.polyptych.worker.config;

import java.net.URI;

/**
 * What the worker talks to.
 *
 * @param bootstrapServers {@code host:port}, comma-separated
 * @param group consumer group; all workers of a cluster share it
 * @param redis may hold a password, so it is never printed
 */
public record Connections(String bootstrapServers, String group, URI redis) {
  @Override
  public String toString() {
    return "Connections[bootstrapServers=%s, group=%s, redis=%s:%d]"
        .formatted(bootstrapServers, group, redis.getHost(), redis.getPort());
  }
}
