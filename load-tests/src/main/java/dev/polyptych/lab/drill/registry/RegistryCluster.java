package dev.polyptych.lab.drill.registry;

import dev.polyptych.cli.Polyptych;
import dev.polyptych.cli.command.Home;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.ChildJava;
import dev.polyptych.lab.process.Children;
import dev.polyptych.lab.process.Children.Member;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Processes of a cluster with an object store. The workers' model folders have no adapters. One
 * thread at a time.
 */
public final class RegistryCluster implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

  private final Map<String, String> shared;
  private final Map<String, String> environment;
  private final Children children;
  private final Path folder;
  private final Path model;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<DispatcherClient> dispatchers = new ArrayList<>();
  private final List<Member> members = new ArrayList<>();

  /**
   * @param shared settings of all processes: broker, Redis, object store
   * @param environment variables with the credentials of the object store
   * @param folder for what workers keep
   */
  public RegistryCluster(
      Map<String, String> shared, Map<String, String> environment, Children children, Path folder)
      throws IOException {
    this.shared = shared;
    this.environment = environment;
    this.children = children;
    this.folder = folder;
    this.model = withoutAdapters(Home.builtInModel().folder(), folder.resolve("model"));
  }

  private static Path withoutAdapters(Path model, Path copy) throws IOException {
    Files.createDirectories(copy);
    try (Stream<Path> parts = Files.list(model.toAbsolutePath())) {
      for (Path part : parts.toList()) {
        if (!part.endsWith("adapters")) {
          Files.createSymbolicLink(copy.resolve(part.getFileName()), part);
        }
      }
    }
    return copy;
  }

  /** Clients of the dispatchers, in the order in which they were started. */
  List<DispatcherClient> dispatchers() {
    return List.copyOf(dispatchers);
  }

  /**
   * @param others more settings
   */
  DispatcherClient startDispatcher(Map<String, String> others) throws InterruptedException {
    int port = FreePort.next();
    Map<String, String> settings = new LinkedHashMap<>(others);
    settings.put("catalog", Home.builtInCatalog());
    settings.put("port", Integer.toString(port));
    start("dispatcher", settings);
    DispatcherClient client =
        new DispatcherClient(
            URI.create("http://127.0.0.1:" + port), Optional.empty(), ANSWER_WITHIN);
    dispatchers.add(client);
    return client;
  }

  /**
   * @param catalog of the base that it draws with
   */
  Member startWorker(String catalog) throws InterruptedException {
    String store = folder.resolve("adapters-" + (members.size() + 1)).toString();
    return start(
        "worker",
        Map.of(
            "catalog",
            catalog,
            "model",
            model.toString(),
            "adapterStore",
            store,
            "results",
            "objects",
            "intraOpThreads",
            "1"));
  }

  private Member start(String role, Map<String, String> own) throws InterruptedException {
    int management = FreePort.next();
    String id = role + "-" + (members.size() + 1);
    Map<String, String> settings = new LinkedHashMap<>(shared);
    settings.putAll(own);
    settings.put("managementPort", Integer.toString(management));
    if (role.equals("worker")) {
      settings.put("workerId", id);
    }
    List<String> line = new ArrayList<>(ChildJava.command());
    line.addAll(List.of(Polyptych.class.getName(), role));
    settings.forEach((key, value) -> line.addAll(List.of("--set", key + "=" + value)));
    Member member = new Member(id, management, children.start(id, line, environment));
    members.add(member);
    Await.until(
        id + " to be ready; see " + member.child().log(),
        READY_WITHIN,
        () -> Await.when(ready(member)));
    return member;
  }

  private boolean ready(Member member) throws InterruptedException {
    URI health = URI.create("http://127.0.0.1:" + member.managementPort() + "/health/ready");
    try {
      return http.send(
                  HttpRequest.newBuilder(health).timeout(ANSWER_WITHIN).build(),
                  BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Processes that ended by themselves. */
  List<String> ended() {
    return members.stream().filter(member -> !member.child().alive()).map(Member::id).toList();
  }

  /** Ends the processes. */
  @Override
  public void close() {
    dispatchers.forEach(DispatcherClient::close);
    http.shutdownNow();
    children.close();
  }
}
