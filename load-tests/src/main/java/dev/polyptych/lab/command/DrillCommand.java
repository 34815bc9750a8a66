package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Home;
import dev.polyptych.lab.drill.DrillChoice;
import dev.polyptych.lab.drill.DrillKind;
import dev.polyptych.lab.drill.DrillReport;
import dev.polyptych.lab.drill.DrillRun;
import dev.polyptych.lab.drill.DrillRun.DrillSetup;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych drill}. */
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    subcommands = {RegistryDrillCommand.class, SoakCommand.class, UpgradeDrillCommand.class},
    description = {
      "Starts a cluster, causes every fault that it must survive, and measures the recoveries. At"
          + " the end an audit checks that no job was lost or done twice. Needs a POSIX system.",
      "Exit status: 0 if the cluster survived everything, 1 if not; the report says what failed."
    })
public final class DrillCommand implements Callable<Integer> {
  @Option(
      names = "--drills",
      paramLabel = "NAME[=TIMES]",
      split = ",",
      description =
          "Drills to run, and how often (default: all that this machine can run, each as often as"
              + " usual):"
              + " kill=50, zombie=10, dispatcher=10, redis=5, broker=3, cut=5, slow=3, memory=3,"
              + " poison=3, poison-picture=2, mismatch=3, hung=2, wipe=3, rewind=3, failover=3,"
              + " retention=2, lanes-lost=2, object-store=2, second-up=2,"
              + " skew=2 (needs the package libfaketime).")
  private List<String> drills = List.of();

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Worker processes, at least 2 (default: ${DEFAULT-VALUE}).")
  private int workers = 2;

  @Option(
      names = "--open",
      paramLabel = "N",
      description = "Number of jobs that the load keeps open (default: ${DEFAULT-VALUE}).")
  private int open = 4;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of each job (default: ${DEFAULT-VALUE}).")
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
          "Time after which the broker gives a silent worker's partitions to others, at least 3"
              + " (default: ${DEFAULT-VALUE}).")
  private int sessionSeconds = 6;

  @Mixin private DrillFolder out = new DrillFolder();

  @Mixin private ReportOptions report = new ReportOptions();

  @Override
  public Integer call() throws Exception {
    DrillChoice choice = drills.isEmpty() ? DrillChoice.all() : DrillChoice.of(drills);
    check(choice);
    Stream.of(DrillKind.values())
        .filter(kind -> drills.isEmpty() && DrillChoice.impossible(kind))
        .forEach(
            kind ->
                report.progress(kind.text() + " is left out because libfaketime is not installed"));
    Path folder = out.create(report);
    DrillReport outcome = new DrillRun(setup(folder), choice.counts(), report::progress).run();
    report.print(outcome.bench(), outcome.text());
    return out.leave(folder, outcome.passed());
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
    return new DrillSetup(
        folder,
        Duration.ofSeconds(sessionSeconds),
        model.catalog(),
        CatalogFile.builtIn(model.catalog()).tasks(),
        new DrillSetup.Size(workers, open, steps, Duration.ofSeconds(checkpointSeconds)));
  }
}
