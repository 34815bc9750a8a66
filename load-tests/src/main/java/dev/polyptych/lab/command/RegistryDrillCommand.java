package dev.polyptych.lab.command;

import dev.polyptych.cli.Polyptych;
import dev.polyptych.cli.command.Home;
import dev.polyptych.cli.embedded.TemporaryFolder;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.lab.drill.DrillObjects;
import dev.polyptych.lab.drill.registry.RegistryCluster;
import dev.polyptych.lab.drill.registry.RegistryDrill;
import dev.polyptych.lab.drill.registry.RegistryReport;
import dev.polyptych.lab.process.Children;
import dev.polyptych.schema.json.Json;
import dev.polyptych.store.RedisConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych drill registry}. */
@Command(
    name = "registry",
    mixinStandardHelpOptions = true,
    description = {
      "Two bases on one broker, one Redis and one S3 server, two dispatchers, and workers without"
          + " adapters on their disks. While jobs arrive, the bytes of an adapter are replaced under"
          + " its name, one comes from a URL, and a worker that was stopped publishes late. Every"
          + " receipt must name the digests that its job pins.",
      "Exit status: 0 if nothing was lost or falsified, 1 if not. Needs a POSIX system."
    })
final class RegistryDrillCommand implements Callable<Integer> {
  /** So that a stopped worker's jobs soon go to another one. */
  private static final Map<String, String> BROKER =
      Map.of("group.consumer.session.timeout.ms", "6000");

  @Option(
      names = "--versions",
      paramLabel = "N",
      description = "Versions that one name gets under load (default: ${DEFAULT-VALUE}).")
  private int versions = 10;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Denoising steps of each job (default: ${DEFAULT-VALUE}).")
  private int steps = 10;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    TemporaryFolder folder = TemporaryFolder.create();
    Path files = folder.path();
    print("logs are in " + files);
    RegistryReport report;
    int faults;
    try (RedisServer redis =
            RedisServer.start(Optional.of(files.resolve("redis")), FreePort.next());
        KafkaBroker broker = KafkaBroker.start(files.resolve("kafka"), FreePort.next(), BROKER);
        DrillObjects objects = DrillObjects.start();
        RedisConnection store = RedisConnection.open(redis.uri());
        Children children = new Children(files.resolve("logs"))) {
      Map<String, String> shared = new HashMap<>();
      shared.put("redis", redis.uri().toString());
      shared.put("bootstrapServers", broker.bootstrapServers());
      shared.put("objects", objects.address().location().toString());
      objects
          .address()
          .endpoint()
          .ifPresent(address -> shared.put("objectsEndpoint", address.toString()));
      try (RegistryCluster cluster =
          new RegistryCluster(shared, DrillObjects.credentials(), children, files)) {
        var setup = new RegistryDrill.Setup(files, store, versions, steps);
        report = new RegistryDrill(setup, cluster, this::print).run();
      }
      faults = audit(shared);
    }
    print(Json.mapper().valueToTree(report).toPrettyString());
    boolean inTime = report.firstStepSeconds() <= RegistryReport.AIM_SECONDS;
    print("from a URL to the first step: aim <= 5 s: " + (inTime ? "met" : "missed"));
    boolean clean = report.clean() && faults == 0;
    if (clean) {
      folder.close();
    }
    return clean ? 0 : 1;
  }

  private static int audit(Map<String, String> shared) {
    List<String> arguments = new ArrayList<>(List.of("audit", "--settled"));
    arguments.addAll(List.of("--set", "catalog=" + Home.builtInCatalog()));
    shared.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    return Polyptych.commandLine().execute(arguments.toArray(String[]::new));
  }

  private void print(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
