package dev.polyptych.lab.drill.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.polyptych.cli.command.Home;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.client.RegistryClient;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Children.Member;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.PinnedAdapter;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.registry.BaseDeclaration;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.StoredRequests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Two bases on one broker, one Redis and one object store, served by two dispatchers. The workers
 * find no adapter on their disks. While jobs of both bases arrive, the bytes of an adapter are
 * replaced under its name again and again, one adapter comes from a URL, and a worker that is
 * stopped while it draws publishes its late result. Used by one thread.
 */
public final class RegistryDrill {
  /** Nano's weights under another id. */
  private static final String SECOND = "second";

  private static final String FETCHED = "fetched";
  private static final int OPEN = 8;
  private static final Duration DONE_WITHIN = Duration.ofMinutes(5);

  private final Setup setup;
  private final RegistryCluster cluster;
  private final Consumer<String> progress;
  private final Catalog catalog = CatalogFile.builtIn(Home.builtInCatalog());
  private final Path adapters = Home.builtInModel().folder().resolve("adapters");

  /**
   * @param folder for files
   * @param redis stays open
   * @param versions that the replaced adapter gets
   * @param steps of each job
   */
  public record Setup(Path folder, RedisConnection redis, int versions, int steps) {}

  public RegistryDrill(Setup setup, RegistryCluster cluster, Consumer<String> progress) {
    this.setup = setup;
    this.cluster = cluster;
    this.progress = progress;
  }

  /** Runs the drill and ends when no job is open. */
  public RegistryReport run() throws IOException, InterruptedException {
    AdapterVariants variants =
        new AdapterVariants(
            adapters.resolve("sandstorm-visual-effect.safetensors"),
            setup.folder().resolve("variants"));
    HttpServer files = serve(variants.next());
    try {
      String host = "127.0.0.1:" + files.getAddress().getPort();
      Map<String, String> sources = Map.of("sourceHosts", host);
      cluster.startDispatcher(sources);
      cluster.startDispatcher(sources);
      register();
      Member zombie = cluster.startWorker(Home.builtInCatalog());
      cluster.startWorker(Home.builtInCatalog());
      cluster.startWorker(secondCatalog());
      progress.accept("two dispatchers and three workers are ready");
      return underLoad(variants, zombie, "http://" + host + "/adapter.safetensors");
    } finally {
      files.stop(0);
    }
  }

  private RegistryReport underLoad(AdapterVariants variants, Member zombie, String url)
      throws IOException, InterruptedException {
    RegistryLoad load =
        new RegistryLoad(
            cluster.dispatchers(),
            Map.of(catalog.model(), catalog.tasks(), SECOND, secondTasks()),
            setup.steps());
    replace(variants, load);
    load.submit();
    FetchedAdapter fetched = fetch(url, load);
    progress.accept(
        "an adapter from a URL: registered after %.1f s, first step after %.1f s"
            .formatted(fetched.registerSeconds(), fetched.firstStepSeconds()));
    boolean unchanged = stopAndResume(zombie, load, variants);
    progress.accept(
        "the stopped worker's late result changed " + (unchanged ? "nothing" : "a job"));
    int versions = 1;
    while (versions < setup.versions()) {
      fill(load);
      replace(variants, load);
      versions++;
    }
    progress.accept(
        "%d jobs accepted, %d versions of one name".formatted(load.sent().size(), versions));
    return report(load, fetched, unchanged, versions);
  }

  /** Keeps some jobs open. */
  private static void fill(RegistryLoad load) throws IOException, InterruptedException {
    do {
      load.submit();
    } while (load.open() < OPEN);
  }

  /** Gives the style's name new bytes in both bases, each at another dispatcher. */
  private void replace(AdapterVariants variants, RegistryLoad load)
      throws IOException, InterruptedException {
    Path bytes = variants.next();
    List<DispatcherClient> all = cluster.dispatchers();
    for (String base : List.of(catalog.model(), SECOND)) {
      RegistryClient registry = all.get(base.equals(SECOND) ? 1 : 0).registry();
      load.registered(registry.addAdapter(RegistryLoad.STYLE, Optional.of(base), bytes));
    }
  }

  /** Times in seconds since an adapter's URL was sent. */
  private record FetchedAdapter(double registerSeconds, double firstStepSeconds) {}

  private FetchedAdapter fetch(String url, RegistryLoad load)
      throws IOException, InterruptedException {
    DispatcherClient dispatcher = cluster.dispatchers().getLast();
    Task task = catalog.tasks().getFirst();
    long begun = System.nanoTime();
    dispatcher.registry().addAdapter(FETCHED, Optional.empty(), url, Optional.empty());
    double registered = secondsSince(begun);
    JobStatus job = load.submit(dispatcher, task, FETCHED);
    Await.until(
        "the first step of job " + job.id(),
        DONE_WITHIN,
        () -> Await.when(status(dispatcher, job.id()).step() > 0));
    return new FetchedAdapter(registered, secondsSince(begun));
  }

  /**
   * Stops a worker while it draws, until another one has done its job, and lets it go on. Whether
   * receipt and sheet of that job are as they were.
   */
  private boolean stopAndResume(Member zombie, RegistryLoad load, AdapterVariants variants)
      throws IOException, InterruptedException {
    DispatcherClient dispatcher = cluster.dispatchers().getFirst();
    fill(load);
    JobStatus caught =
        Await.until(zombie.id() + " to draw", DONE_WITHIN, () -> rendered(load, zombie.id()));
    zombie.child().suspend();
    try {
      replace(variants, load);
      JobStatus done =
          Await.until(
              "job " + caught.id() + " to be done by another",
              DONE_WITHIN,
              () ->
                  Optional.of(status(dispatcher, caught.id()))
                      .filter(job -> job.state().terminal()));
      byte[] receipt = dispatcher.receipt(done.id());
      byte[] sheet = dispatcher.image(done.id(), "sheet");
      zombie.child().resume();
      fill(load);
      Await.until(
          zombie.id() + " to draw again",
          DONE_WITHIN,
          () -> rendered(load, zombie.id()).filter(job -> !job.id().equals(caught.id())));
      return status(dispatcher, done.id()).equals(done)
          && Arrays.equals(receipt, dispatcher.receipt(done.id()))
          && Arrays.equals(sheet, dispatcher.image(done.id(), "sheet"));
    } finally {
      zombie.child().resume();
    }
  }

  private static Optional<JobStatus> rendered(RegistryLoad load, String worker)
      throws InterruptedException {
    try {
      if (load.open() < 2) {
        load.submit();
      }
      return load.renderedBy(worker);
    } catch (IOException away) {
      throw new UncheckedIOException(away);
    }
  }

  private RegistryReport report(
      RegistryLoad load, FetchedAdapter fetched, boolean unchanged, int versions)
      throws IOException, InterruptedException {
    DispatcherClient dispatcher = cluster.dispatchers().getFirst();
    StoredRequests requests = new StoredRequests(setup.redis());
    Map<String, Integer> ends = new TreeMap<>();
    List<String> foreign = new ArrayList<>();
    List<String> older = new ArrayList<>();
    for (RegistryLoad.Sent sent : load.sent()) {
      JobStatus job =
          Await.until(
              "the end of job " + sent.id(),
              DONE_WITHIN,
              () ->
                  Optional.of(status(dispatcher, sent.id()))
                      .filter(seen -> seen.state().terminal()));
      String end = job.state().text();
      ends.merge(job.error().map(error -> end + " " + error.code()).orElse(end), 1, Integer::sum);
      List<PinnedAdapter> pins =
          requests.find(sent.id()).orElseThrow().pins().orElseThrow().adapters();
      if (pins.getLast().version().orElse(0) < sent.least()) {
        older.add(sent.id());
      }
      if (job.error().isEmpty() && !drawnWith(dispatcher, sent.id()).equals(digests(pins))) {
        foreign.add(sent.id());
      }
    }
    return new RegistryReport(
        1,
        load.sent().size(),
        ends,
        versions,
        foreign,
        older,
        fetched.registerSeconds(),
        fetched.firstStepSeconds(),
        unchanged,
        cluster.ended());
  }

  private static List<String> drawnWith(DispatcherClient dispatcher, String job)
      throws IOException, InterruptedException {
    return Json.mapper()
        .readTree(dispatcher.receipt(job))
        .path("adapters")
        .valueStream()
        .map(adapter -> adapter.path("digest").asText())
        .toList();
  }

  private static List<String> digests(List<PinnedAdapter> pins) {
    return pins.stream().map(adapter -> adapter.digest().orElse("none")).toList();
  }

  private static JobStatus status(DispatcherClient dispatcher, String job)
      throws InterruptedException {
    try {
      return dispatcher.status(job);
    } catch (IOException away) {
      throw new UncheckedIOException(away);
    }
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  /** Declares the second base and registers its tasks, and the files of both bases. */
  private void register() throws IOException, InterruptedException {
    RegistryClient registry = cluster.dispatchers().getFirst().registry();
    ObjectNode base = Json.mapper().valueToTree(BaseDeclaration.builtIn(Home.builtInCatalog()));
    base.put("id", SECOND).put("partitions", OPEN);
    registry.putBase(SECOND, Json.bytes(base));
    List<Path> files;
    try (Stream<Path> all = Files.list(adapters)) {
      files = all.sorted().toList();
    }
    for (Path file : files) {
      String name = file.getFileName().toString().replace(".safetensors", "");
      registry.addAdapter(name, Optional.empty(), file);
      registry.addAdapter(name, Optional.of(SECOND), file);
    }
    for (Task task : secondTasks()) {
      ObjectNode document = Json.mapper().valueToTree(task);
      document.put("base", SECOND);
      document.remove("routing");
      registry.putTask(task.id(), Json.bytes(document));
    }
  }

  /** The catalog's tasks under other ids. */
  private List<Task> secondTasks() {
    return catalog.tasks().stream()
        .map(
            task ->
                new Task(
                    SECOND + "-" + task.id(),
                    task.title(),
                    task.adapter(),
                    task.layout(),
                    task.template(),
                    task.defaults(),
                    task.example(),
                    Optional.empty()))
        .toList();
  }

  private String secondCatalog() throws IOException {
    ObjectNode second = Json.mapper().valueToTree(catalog.withTasks(secondTasks()));
    second.put("model", SECOND);
    return Files.write(setup.folder().resolve("second.yaml"), Json.bytes(second)).toString();
  }

  private static HttpServer serve(Path file) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] bytes = Files.readAllBytes(file);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    server.start();
    return server;
  }
}
