package dev.polyptych.cli.embedded;

import dev.polyptych.dispatcher.Dispatcher;
import dev.polyptych.dispatcher.config.DispatcherConfig;
import dev.polyptych.dispatcher.config.Ports;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.LaneAssignor;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.config.Settings.Sources;
import dev.polyptych.worker.Worker;
import dev.polyptych.worker.config.WorkerConfig;
import dev.polyptych.worker.config.WorkerConfigReader;
import dev.polyptych.worker.render.flux.FluxPanelSetEngine;
import dev.polyptych.worker.trace.StartTimes;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Broker, Redis, one dispatcher and one worker in this JVM. Takes jobs when it is returned. If the
 * JVM ends (Ctrl-C, SIGTERM), all are closed in order: the worker hands its job back while Redis
 * and the broker are there.
 */
public final class EmbeddedCluster implements AutoCloseable {
  private static final Duration READY_TIMEOUT = Duration.ofMinutes(10);

  /** A worker's management port listens on all addresses. */
  private static final String ANY_ADDRESS = "0.0.0.0";

  private final Opened opened;
  private final Dispatcher dispatcher;
  private final Worker worker;
  private final String report;

  private EmbeddedCluster(Opened opened, Dispatcher dispatcher, Worker worker, String report) {
    this.opened = opened;
    this.dispatcher = dispatcher;
    this.worker = worker;
    this.report = report;
  }

  /**
   * Uses free ports, and keeps nothing when it closes.
   *
   * @param catalog of the model's tasks, as settings name it
   */
  public static EmbeddedCluster temporary(Path model, String catalog) throws Exception {
    return temporary(model, catalog, OpenTelemetry.noop());
  }

  /** Like {@link #temporary(Path, String)}, with a receiver of spans. */
  public static EmbeddedCluster temporary(Path model, String catalog, OpenTelemetry telemetry)
      throws Exception {
    TemporaryFolder folder = TemporaryFolder.create();
    Opened opened = new Opened();
    opened.add(folder);
    ClusterSettings settings = ClusterSettings.anyPorts().with("catalog", catalog);
    return start(model, folder.path(), settings, opened, telemetry);
  }

  /**
   * Takes jobs at a given port and keeps them, so that it can be closed and started again. All
   * other ports are free ones.
   *
   * @param data folder of the embedded broker and Redis
   */
  public static EmbeddedCluster restartable(Path model, String catalog, Path data, int port)
      throws Exception {
    ClusterSettings settings =
        ClusterSettings.anyPorts().with("catalog", catalog).with("port", Integer.toString(port));
    return start(model, data, settings, new Opened(), OpenTelemetry.noop());
  }

  /**
   * Uses the well-known ports, and keeps jobs over a restart.
   *
   * @param data folder of the embedded broker and Redis
   * @param flags settings of dispatcher and worker; a broker or a Redis named here replaces the
   *     embedded one
   * @param telemetry receives spans
   * @param times records the parts of the start
   */
  public static EmbeddedCluster lasting(
      Path model, Path data, Map<String, String> flags, OpenTelemetry telemetry, StartTimes times)
      throws Exception {
    ClusterSettings settings = ClusterSettings.of(flags);
    return start(model, data.toAbsolutePath(), settings, new Opened(), telemetry, times);
  }

  private static EmbeddedCluster start(
      Path model, Path data, ClusterSettings settings, Opened opened, OpenTelemetry telemetry)
      throws Exception {
    return start(model, data, settings, opened, telemetry, StartTimes.fromNow());
  }

  private static EmbeddedCluster start(
      Path model,
      Path data,
      ClusterSettings settings,
      Opened opened,
      OpenTelemetry telemetry,
      StartTimes times)
      throws Exception {
    try {
      ClusterSettings given = settings.with("model", model.toAbsolutePath().toString());
      Optional<DataFolder> folder = checked(given, data);
      folder.ifPresent(opened::add);
      FluxPanelSetEngine.prepare(times);
      ClusterSettings all = withBackends(given, data, opened, times);
      DispatcherConfig config = DispatcherConfig.read(Sources.of(all.dispatcher()));
      // First, because it makes the topics: a worker that joins early would find one lane of two.
      Dispatcher dispatcher =
          opened.add(times.of("dispatcher", () -> Dispatcher.start(config, telemetry)));
      Worker worker =
          opened.add(
              Worker.with(WorkerConfigReader.read(Sources.of(all.worker())))
                  .telemetry(telemetry)
                  .times(times)
                  .start());
      worker.awaitReady(READY_TIMEOUT);
      folder.ifPresent(locked -> locked.runsOn(dispatcher.port()));
      String report = report(dispatcher, worker, times.elapsed());
      times.ready();
      return new EmbeddedCluster(opened, dispatcher, worker, report);
    } catch (Exception failed) {
      opened.close();
      throw failed;
    }
  }

  /**
   * Finds everything that may be wrong before anything starts.
   *
   * @return the locked data folder; empty if the settings name a broker and a Redis
   */
  private static Optional<DataFolder> checked(ClusterSettings settings, Path data)
      throws IOException {
    DispatcherConfig dispatcher = DispatcherConfig.read(Sources.of(settings.dispatcher()));
    WorkerConfig worker = WorkerConfigReader.read(Sources.of(settings.worker()));
    DiskSpace.checkTemporary();
    if (settings.names("redis") && settings.names("bootstrapServers")) {
      checkPorts(dispatcher, worker);
      return Optional.empty();
    }
    DataFolder locked = DataFolder.lock(data);
    try {
      checkPorts(dispatcher, worker);
      return Optional.of(locked);
    } catch (IllegalStateException taken) {
      locked.close();
      throw taken;
    }
  }

  private static void checkPorts(DispatcherConfig dispatcher, WorkerConfig worker) {
    dispatcher.checkPorts();
    Ports.check("managementPort", ANY_ADDRESS, worker.managementPort());
  }

  /** Starts the broker and the Redis that the settings name no address of, and adds theirs. */
  private static ClusterSettings withBackends(
      ClusterSettings settings, Path data, Opened opened, StartTimes times) {
    ClusterSettings all = settings;
    if (!all.names("redis")) {
      Path folder = data.resolve("redis");
      RedisServer redis =
          opened.add(times.of("redis", () -> RedisServer.closedByCaller(folder, FreePort.next())));
      all = all.with("redis", redis.uri().toString());
      if (!all.names("objects")) {
        all = all.with("objects", data.resolve("objects").toUri().toString());
      }
      if (!all.worker().containsKey("adapterStore")) {
        all = all.with("adapterStore", data.resolve("adapters").toString());
      }
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

  private static String report(Dispatcher dispatcher, Worker worker, Duration took) {
    return """
    ready in %1$.1f s
      console  http://127.0.0.1:%2$d/
      jobs     http://127.0.0.1:%2$d/v1/jobs
      metrics  http://127.0.0.1:%3$d/metrics (dispatcher), http://127.0.0.1:%4$d/metrics (worker)\
    """
        .formatted(
            took.toMillis() / 1000.0,
            dispatcher.port(),
            dispatcher.managementPort(),
            worker.managementPort());
  }

  /** Where the dispatcher takes jobs. */
  public URI dispatcher() {
    return URI.create("http://127.0.0.1:" + dispatcher.port());
  }

  /** Where the worker's metrics are read. */
  public URI workerMetrics() {
    return URI.create("http://127.0.0.1:" + worker.managementPort() + "/metrics");
  }

  /** Completes exceptionally when the worker fails. */
  public CompletableFuture<Void> ended() {
    return worker.ended();
  }

  /** Addresses and start time, for people. */
  public String report() {
    return report;
  }

  @Override
  public void close() {
    opened.close();
  }
}
