package dev.polyptych.cli.embedded;

import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.LaneAssignor;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.worker.trace.StartTimes;
import java.nio.file.Path;
import java.util.Optional;

/** The broker and the Redis of an embedded cluster, as far as its settings name no others. */
final class Backends {
  private Backends() {}

  /**
   * Starts what is missing.
   *
   * @param data keeps their data
   * @param opened gets what is started
   * @return the settings with its addresses
   */
  static ClusterSettings start(
      ClusterSettings settings, Path data, Opened opened, StartTimes times) {
    ClusterSettings all = settings;
    if (!all.names("redis")) {
      RedisServer redis =
          opened.add(
              times.of(
                  "redis",
                  () -> RedisServer.start(Optional.of(data.resolve("redis")), FreePort.next())));
      all = all.with("redis", redis.uri().toString());
    }
    if (!all.names("bootstrapServers")) {
      KafkaBroker broker =
          opened.add(times.of("kafka", () -> KafkaBroker.start(data.resolve("kafka"))));
      all = all.with("bootstrapServers", broker.bootstrapServers());
      if (!all.worker().containsKey("assignor")) {
        all = all.with("assignor", LaneAssignor.NAME);
      }
    }
    return all;
  }
}
