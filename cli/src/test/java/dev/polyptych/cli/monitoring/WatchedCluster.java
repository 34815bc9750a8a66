package dev.polyptych.cli.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.cli.monitoring.PrometheusServer.Target;
import dev.polyptych.dispatcher.Dispatcher;
import dev.polyptych.dispatcher.config.DispatcherConfig;
import dev.polyptych.dispatcher.tenant.ApiKey;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.config.Settings.Sources;
import dev.polyptych.worker.Worker;
import dev.polyptych.worker.config.WorkerConfigReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A broker, a Redis, a dispatcher with two tenants and two workers that draw with the tiny model.
 * One adapter is broken, and one is pinned to a partition, so that its worker hands jobs over.
 */
final class WatchedCluster implements AutoCloseable {
  static final String PINNED = "film-storyboard";
  static final String BROKEN = "home-decoration";
  static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final Duration READY_TIMEOUT = Duration.ofMinutes(2);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final SecureRandom random = new SecureRandom();
  private final String studioKey = ApiKey.make(random);
  private final String smallKey = ApiKey.make(random);
  private final Dispatcher dispatcher;
  private final List<Worker> workers;

  WatchedCluster(Path folder, Path model) throws Exception {
    KafkaBroker broker = add(KafkaBroker.start(folder.resolve("kafka")));
    RedisServer redis = add(RedisServer.start());
    Map<String, String> common = new HashMap<>();
    common.put("bootstrapServers", broker.bootstrapServers());
    common.put("redis", redis.uri().toString());
    common.put("catalog", catalog(folder).toString());
    common.put("managementPort", "0");
    Map<String, String> flags = new HashMap<>(common);
    flags.put("port", "0");
    flags.put("partitions", "4");
    flags.put("tenants", tenants(folder).toString());
    flags.put("callbackSecret", SECRET);
    flags.put("callbackAllow", "127.0.0.1/32");
    dispatcher = add(Dispatcher.start(DispatcherConfig.read(Sources.of(flags))));
    Path broken = withBrokenAdapter(model, folder.resolve("model"));
    workers = List.of(worker("w1", broken, common), worker("w2", broken, common));
    for (Worker worker : workers) {
      worker.awaitReady(READY_TIMEOUT);
    }
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + dispatcher.port());
  }

  /** Of a tenant who may have many jobs. */
  String studioKey() {
    return studioKey;
  }

  /** Of a tenant who may have one job. */
  String smallKey() {
    return smallKey;
  }

  /** With the labels that the operator makes of a ServiceMonitor and a PodMonitor. */
  List<Target> targets() {
    return List.of(
        new Target(
            dispatcher.managementPort(),
            Map.of(
                "namespace", "polyptych",
                "job", "polyptych-dispatcher-management",
                "service", "polyptych-dispatcher-management",
                "pod", "polyptych-dispatcher-0",
                "container", "dispatcher",
                "endpoint", "management")),
        worker(0),
        worker(1));
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception failed) {
        throw new IllegalStateException("a part of the cluster can't be closed", failed);
      }
    }
  }

  private Target worker(int index) {
    return new Target(
        workers.get(index).managementPort(),
        Map.of(
            "namespace", "polyptych",
            "job", "polyptych/polyptych-gpu-worker",
            "pod", "polyptych-gpu-worker-" + index,
            "container", "gpu-worker",
            "endpoint", "management"));
  }

  private Worker worker(String id, Path model, Map<String, String> common) {
    Map<String, String> flags = new HashMap<>(common);
    flags.put("workerId", id);
    flags.put("model", model.toString());
    flags.put("retryBackoffSeconds", "0");
    flags.put("undrawableSeconds", "1");
    flags.put("intraOpThreads", "1");
    return add(Worker.with(WorkerConfigReader.read(Sources.of(flags))).start());
  }

  private <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  private static Path catalog(Path folder) throws IOException {
    try (var builtIn =
        Catalog.class.getResourceAsStream("/dev/polyptych/schema/catalog/tiny.yaml")) {
      String text = new String(builtIn.readAllBytes(), UTF_8);
      String entry = "  - id: " + PINNED + "\n";
      return Files.writeString(
          folder.resolve("catalog.yaml"), text.replace(entry, entry + "    routing: {pin: 0}\n"));
    }
  }

  private Path tenants(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("tenants.yaml"),
        """
        v: 1
        tenants:
          - {id: studio, keys: ["%s"], quotas: {queuedJobs: 60}}
          - {id: small, keys: ["%s"], quotas: {queuedJobs: 1}}
        """
            .formatted(ApiKey.digest(studioKey), ApiKey.digest(smallKey)));
  }

  private static Path withBrokenAdapter(Path model, Path copy) throws IOException {
    try (Stream<Path> all = Files.walk(model)) {
      for (Path from : all.toList()) {
        Path to = copy.resolve(model.relativize(from).toString());
        if (Files.isDirectory(from)) {
          Files.createDirectories(to);
        } else {
          Files.copy(from, to);
        }
      }
    }
    Files.write(copy.resolve("adapters").resolve(BROKEN + ".safetensors"), new byte[16]);
    return copy;
  }
}
