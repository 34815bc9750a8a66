package dev.polyptych.lab.command;

import dev.polyptych.cli.Polyptych;
import dev.polyptych.cli.command.Home;
import dev.polyptych.cli.embedded.TemporaryFolder;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.lab.drill.UpgradeDrill;
import dev.polyptych.lab.drill.UpgradeDrill.Version;
import dev.polyptych.lab.process.ChildJava;
import dev.polyptych.lab.process.Children;
import dev.polyptych.schema.catalog.CatalogFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych drill upgrade}. */
@Command(
    name = "upgrade",
    mixinStandardHelpOptions = true,
    description = {
      "Replaces dispatchers and workers of an older distribution by those of this version and back,"
          + " one process at a time, on one broker and one Redis, while jobs arrive.",
      "Exit status: 0 if every job ended as it should, 1 if not."
    })
final class UpgradeDrillCommand implements Callable<Integer> {
  @Option(
      names = "--from",
      paramLabel = "DIR",
      required = true,
      description = "The older distribution: the folder cli/target/polyptych of its build.")
  private Path from = Path.of("");

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description =
          "Jobs that are submitted at a time. Each of the eight changes submits three or four times"
              + " (default: ${DEFAULT-VALUE}).")
  private int jobs = 2;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Denoising steps of each job (default: ${DEFAULT-VALUE}).")
  private int steps = 10;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter screen = spec.commandLine().getOut();
    TemporaryFolder folder = TemporaryFolder.create();
    screen.println("logs are in " + folder.path());
    screen.flush();
    int faults;
    try (RedisServer redis =
            RedisServer.start(Optional.of(folder.path().resolve("redis")), FreePort.next());
        KafkaBroker broker = KafkaBroker.start(folder.path().resolve("kafka"));
        Children children = new Children(folder.path().resolve("logs"))) {
      Map<String, String> backends =
          Map.of("redis", redis.uri().toString(), "bootstrapServers", broker.bootstrapServers());
      var accepted = new UpgradeDrill(setup(backends), children, this::print).run();
      print(accepted.size() + " jobs were accepted; all have ended as they should");
      faults = audit(backends, folder.path().resolve("accepted.txt"), accepted);
    }
    if (faults == 0) {
      folder.close();
    }
    return faults;
  }

  private UpgradeDrill.Setup setup(Map<String, String> backends) {
    Home.Model model = Home.builtInModel();
    Map<String, String> cluster = new HashMap<>(backends);
    cluster.put("catalog", model.catalog());
    return new UpgradeDrill.Setup(
        Map.of(
            Version.OLD,
            List.of(from.resolve("polyptych").toAbsolutePath().toString()),
            Version.NEW,
            Stream.concat(ChildJava.command().stream(), Stream.of(Polyptych.class.getName()))
                .toList()),
        cluster,
        Map.of("model", model.folder().toAbsolutePath().toString(), "intraOpThreads", "1"),
        CatalogFile.builtIn(model.catalog()).tasks(),
        jobs,
        steps);
  }

  /** Runs the command audit on the accepted jobs. */
  private static int audit(Map<String, String> backends, Path file, Set<String> accepted)
      throws IOException {
    Files.write(file, accepted);
    List<String> arguments = new ArrayList<>(List.of("audit", "--settled", "--accepted"));
    arguments.add(file.toString());
    backends.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    return Polyptych.commandLine().execute(arguments.toArray(String[]::new));
  }

  private void print(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
