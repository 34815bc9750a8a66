package dev.polyptych.cli.embedded;

import dev.polyptych.dispatcher.Dispatcher;
import dev.polyptych.dispatcher.config.DispatcherConfig;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.config.Settings.Sources;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Broker, Redis and one dispatcher in this JVM, on free ports. Keeps nothing. There is no worker,
 * so jobs stay queued.
 */
public final class EmbeddedDispatcher implements AutoCloseable {
  /** Jobs are not rendered, so the lanes only grow. */
  private static final String MANY_JOBS = "100000000";

  private final Opened opened;
  private final DispatcherConfig config;
  private final Dispatcher dispatcher;

  private EmbeddedDispatcher(Opened opened, DispatcherConfig config) {
    this.opened = opened;
    this.config = config;
    this.dispatcher = opened.add(Dispatcher.start(config));
  }

  /** Returns when it listens. It takes jobs as soon as its probes have found broker and Redis. */
  public static EmbeddedDispatcher temporary(String catalog) throws Exception {
    return temporary(catalog, Map.of());
  }

  /**
   * Like {@link #temporary(String)}.
   *
   * @param more settings of the dispatcher
   */
  public static EmbeddedDispatcher temporary(String catalog, Map<String, String> more)
      throws Exception {
    Opened opened = new Opened();
    try {
      TemporaryFolder folder = opened.add(TemporaryFolder.create());
      var data = Optional.of(folder.path().resolve("redis"));
      RedisServer redis = opened.add(RedisServer.start(data, FreePort.next()));
      KafkaBroker broker = opened.add(KafkaBroker.start(folder.path().resolve("kafka")));
      Map<String, String> flags =
          new HashMap<>(
              ClusterSettings.anyPorts()
                  .with("catalog", catalog)
                  .with("redis", redis.uri().toString())
                  .with("bootstrapServers", broker.bootstrapServers())
                  .with("laneJobs", MANY_JOBS)
                  .dispatcher());
      flags.putAll(more);
      return new EmbeddedDispatcher(opened, DispatcherConfig.read(Sources.of(flags)));
    } catch (Exception failed) {
      opened.close();
      throw failed;
    }
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + dispatcher.port());
  }

  public DispatcherConfig config() {
    return config;
  }

  @Override
  public void close() {
    opened.close();
  }
}
