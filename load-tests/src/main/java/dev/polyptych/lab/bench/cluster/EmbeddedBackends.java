package dev.polyptych.lab.bench.cluster;

import dev.polyptych.cli.embedded.Opened;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import java.nio.file.Path;
import java.util.Optional;

/** A broker and a Redis on free ports for a cluster of processes. */
public final class EmbeddedBackends implements AutoCloseable {
  private final Opened opened = new Opened();
  private final String bootstrapServers;
  private final String redis;

  private EmbeddedBackends(Path folder) {
    var data = Optional.of(folder.resolve("redis"));
    redis = opened.add(RedisServer.start(data, FreePort.next())).uri().toString();
    bootstrapServers = opened.add(KafkaBroker.start(folder.resolve("kafka"))).bootstrapServers();
  }

  /**
   * Starts them.
   *
   * @param folder keeps their data
   */
  public static EmbeddedBackends start(Path folder) {
    return new EmbeddedBackends(folder);
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  public String redis() {
    return redis;
  }

  @Override
  public void close() {
    opened.close();
  }
}
