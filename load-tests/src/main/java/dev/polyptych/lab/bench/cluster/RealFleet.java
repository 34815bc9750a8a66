package dev.polyptych.lab.bench.cluster;

import dev.polyptych.embedded.FreePort;
import dev.polyptych.lab.bench.cluster.ClusterBench.ClusterSetup;
import dev.polyptych.lab.bench.cluster.Notices.NoticeSender;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.ChildJava;
import dev.polyptych.lab.process.Children;
import dev.polyptych.lab.process.Children.Child;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A dispatcher and workers, each in its own process. Used by one thread. */
final class RealFleet implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);

  /**
   * The smallest cache that can be set. It is smaller than an adapter of the built-in model, so
   * only the warm adapter and one prefetched adapter stay, as on a small card.
   */
  private static final String SMALL_MEGABYTES = "1";

  private final ClusterSetup setup;
  private final CopiedTasks tasks;
  private final Children children;
  private final Notices notices;
  private final Ownership ownership;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, Child> workers = new LinkedHashMap<>();
  private final URI dispatcher;
  private int started;

  RealFleet(ClusterSetup setup, CopiedTasks tasks, int partitions, Notices notices) {
    this.setup = setup;
    this.tasks = tasks;
    this.notices = notices;
    this.children = new Children(setup.folder().resolve("logs"));
    this.ownership = new Ownership(partitions);
    this.dispatcher = URI.create("http://127.0.0.1:" + FreePort.next());
    notices.listen(ownership);
  }

  HttpClient http() {
    return http;
  }

  URI dispatcher() {
    return dispatcher;
  }

  Ownership ownership() {
    return ownership;
  }

  /** Ids in the order of their start. */
  List<String> workers() {
    return List.copyOf(workers.keySet());
  }

  /** Starts it and waits until it accepts jobs. */
  void startDispatcher(int partitions) throws InterruptedException {
    Map<String, String> settings = settings();
    settings.put("port", Integer.toString(dispatcher.getPort()));
    settings.put("partitions", Integer.toString(partitions));
    List<String> line = ChildJava.polyptych("dispatcher", settings);
    Child child = children.start("dispatcher", line, Map.of());
    int management = Integer.parseInt(settings.get("managementPort"));
    URI ready = URI.create("http://127.0.0.1:" + management + "/health/ready");
    Await.until(
        "the dispatcher to be ready; see " + child.log(),
        READY_WITHIN,
        () -> {
          checkAlive(child);
          return Await.when(answers(ready) && answers(dispatcher.resolve("/v1/tasks")));
        });
  }

  private static void checkAlive(Child child) {
    if (!child.alive()) {
      throw new IllegalStateException("a process ended by itself; its log is " + child.log());
    }
  }

  private boolean answers(URI address) throws InterruptedException {
    try {
      var request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(5)).build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Starts a worker. It gets partitions later. */
  String startWorker() {
    String id = "worker-" + ++started;
    Map<String, String> settings = settings();
    settings.put("workerId", id);
    settings.put("model", tasks.model().toString());
    settings.put("assignor", setup.assignor());
    settings.put("intraOpThreads", "1");
    settings.put("adapterCacheMegabytes", SMALL_MEGABYTES);
    settings.put("adapterHostMegabytes", SMALL_MEGABYTES);
    List<String> line = new ArrayList<>(ChildJava.command());
    line.addAll(List.of(BenchWorker.class.getName(), Integer.toString(notices.port())));
    settings.forEach((key, value) -> line.add(key + "=" + value));
    workers.put(id, children.start(id, line, Map.of()));
    return id;
  }

  /** Waits until the present workers own all partitions evenly. */
  void awaitEven() throws InterruptedException {
    Await.until(
        workers.size() + " workers to have all partitions; see " + setup.folder().resolve("logs"),
        READY_WITHIN,
        () -> {
          workers.values().forEach(RealFleet::checkAlive);
          return Await.when(ownership.even(workers.size()));
        });
  }

  /** Asks a worker to leave and does not wait. */
  void leave(String worker) {
    ownership.gone(worker, NoticeSender.now());
    workers.remove(worker).process().destroy();
  }

  void kill(String worker) throws InterruptedException {
    ownership.gone(worker, NoticeSender.now());
    workers.remove(worker).kill();
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("bootstrapServers", setup.backends().bootstrapServers());
    settings.put("redis", setup.backends().redis());
    settings.put("catalog", tasks.catalog().toString());
    settings.put("managementPort", Integer.toString(FreePort.next()));
    return settings;
  }

  @Override
  public void close() {
    children.close();
    http.shutdownNow();
  }
}
