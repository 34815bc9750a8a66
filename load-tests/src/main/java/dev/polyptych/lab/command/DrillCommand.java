package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Home;
import dev.polyptych.cli.embedded.TemporaryFolder;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.lab.drill.DrillChoice;
import dev.polyptych.lab.drill.DrillKind;
import dev.polyptych.lab.drill.DrillReport;
import dev.polyptych.lab.drill.DrillRun;
import dev.polyptych.lab.drill.DrillSetup;
import dev.polyptych.lab.embedded.DrillBackends;
import dev.polyptych.lab.process.ChildJava;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.ConfigException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych drill}. */
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    description = {
      "Breaks a cluster of its own in all the ways that it must bear, times the recoveries, and"
          + " audits at the end that no job was lost or done twice. Needs a POSIX system.",
      "Exit status: 0 everything was borne, 1 something was not, which is told."
    })
public final class DrillCommand implements Callable<Integer> {
  @Option(
      names = "--drills",
      paramLabel = "NAME[=TIMES]",
      split = ",",
      description =
          "Which, and how often (default: all that can be run here, each as often as usual):"
              + " kill=50, zombie=10, dispatcher=10, redis=5, broker=3, cut=5, slow=3, memory=3,"
              + " poison=3, skew=2 (needs the package libfaketime).")
  private List<String> drills = List.of();

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Worker processes, at least 2 (default: ${DEFAULT-VALUE}).")
  private int workers = 2;

  @Option(
      names = "--open",
      paramLabel = "N",
      description = "Jobs that the load keeps open (default: ${DEFAULT-VALUE}).")
  private int open = 4;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of each of them (default: ${DEFAULT-VALUE}).")
  private int steps = 100;

  @Option(
      names = "--checkpoint-seconds",
      paramLabel = "N",
      description =
          "Time between two checkpoints of a job; 0: after every step (default: ${DEFAULT-VALUE}).")
  private int checkpointSeconds = 1;

  @Option(
      names = "--session-seconds",
      paramLabel = "N",
      description =
          "After which the broker gives a silent worker's partitions to others, at least 3"
              + " (default: ${DEFAULT-VALUE}).")
  private int sessionSeconds = 6;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "New folder for logs, data and the ids of accepted jobs (default: a temporary one, which"
              + " stays only when something was not borne).")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    DrillChoice choice = drills.isEmpty() ? DrillChoice.all() : DrillChoice.of(drills);
    check(choice);
    PrintWriter diagnostics = spec.commandLine().getErr();
    Stream.of(DrillKind.values())
        .filter(kind -> drills.isEmpty() && DrillChoice.impossible(kind))
        .forEach(kind -> diagnostics.println(kind.text() + " is left out: no libfaketime here"));
    Path folder =
        out.isPresent() ? Files.createDirectory(out.get()) : TemporaryFolder.create().path();
    diagnostics.println("logs and data are in " + folder);
    DrillReport report = new DrillRun(setup(folder), choice.counts(), diagnostics::println).run();
    PrintWriter screen = spec.commandLine().getOut();
    screen.print(json ? report.bench().json() + System.lineSeparator() : report.text());
    screen.flush();
    if (out.isEmpty() && report.borne()) {
      new TemporaryFolder(folder).close();
    }
    return report.borne() ? 0 : 1;
  }

  private void check(DrillChoice choice) {
    List<String> problems = new ArrayList<>(choice.problems());
    problems.replaceAll(problem -> "--drills: " + problem);
    if (workers < 2) {
      problems.add("--workers: must be at least 2, so that one can take over from another");
    }
    if (open < 1 || steps < 10 || steps > 100) {
      problems.add("--open: must be at least 1; --steps: must be 10 to 100");
    }
    if (checkpointSeconds < 0 || sessionSeconds < 3) {
      problems.add("--checkpoint-seconds: must not be negative; --session-seconds: at least 3");
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private DrillSetup setup(Path folder) {
    Home.Model model = Home.builtInModel();
    Duration session = Duration.ofSeconds(sessionSeconds);
    return new DrillSetup(
        folder,
        polyptych(),
        (data, advertised) -> DrillBackends.start(data, advertised, session),
        FreePort::next,
        model.catalog(),
        CatalogFile.builtIn(model.catalog()).tasks(),
        new DrillSetup.Size(workers, open, steps, Duration.ofSeconds(checkpointSeconds)));
  }

  private List<String> polyptych() {
    return Stream.concat(
            ChildJava.command().stream(), Stream.of(spec.root().userObject().getClass().getName()))
        .toList();
  }
}
