package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Home;
import dev.polyptych.cli.embedded.TemporaryFolder;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.LaneAssignor;
import dev.polyptych.lab.bench.cluster.ClusterBench;
import dev.polyptych.lab.bench.cluster.ClusterPlan;
import dev.polyptych.lab.bench.cluster.ClusterSetup;
import dev.polyptych.lab.bench.cluster.RebalanceBench;
import dev.polyptych.lab.embedded.EmbeddedBackends;
import dev.polyptych.lab.process.ChildJava;
import dev.polyptych.lab.simulator.Replay;
import dev.polyptych.schema.config.ConfigException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych bench cluster}. */
@Command(
    name = "cluster",
    mixinStandardHelpOptions = true,
    description =
        "Runs a dispatcher and workers, each a process, against a broker and a Redis: routing and"
            + " schedule beside a shared queue and a hash of the adapter, and beside what the"
            + " simulator predicts.")
public final class ClusterBenchCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Jobs of each arm, half as many at overload (default: ${DEFAULT-VALUE}).")
  private int jobs = 500;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of each of them (default: ${DEFAULT-VALUE}).")
  private int steps = 2;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Worker processes (default: ${DEFAULT-VALUE}).")
  private int workers = 4;

  @Option(
      names = "--tasks",
      paramLabel = "N",
      description = "Tasks, each with an adapter of its own (default: ${DEFAULT-VALUE}).")
  private int tasks = 12;

  @Option(
      names = "--zipf",
      paramLabel = "X",
      description = "Exponent of the tasks' popularity (default: ${DEFAULT-VALUE}).")
  private double zipf = 1.1;

  @Option(
      names = "--load",
      paramLabel = "X",
      description =
          "Part of what the workers can draw that is asked for, below 1; after it comes twice as"
              + " much as they can (default: ${DEFAULT-VALUE}).")
  private double load = 0.8;

  @Option(
      names = "--arms",
      paramLabel = "ARM",
      split = ",",
      description = "fifo, key-hash, ours (default: all).")
  private List<String> arms = List.of("fifo", "key-hash", "ours");

  @Option(
      names = "--rebalance",
      paramLabel = "TIMES",
      description =
          "Instead: workers join one by one under a light load; then so often one leaves, one"
              + " joins, one is killed and one joins. What moves, and for how long it has no"
              + " owner.")
  private int rebalance;

  @Option(
      names = "--assignor",
      paramLabel = "NAME",
      description =
          "By which the broker gives partitions to workers: "
              + LaneAssignor.NAME
              + " or Kafka's"
              + " range (default: ${DEFAULT-VALUE}).")
  private String assignor = LaneAssignor.NAME;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ClusterPlan plan = plan();
    Home.Model model = Home.builtInModel();
    PrintWriter diagnostics = spec.commandLine().getErr();
    TemporaryFolder folder = TemporaryFolder.create();
    diagnostics.println("logs and data are in " + folder.path() + ", and stay if this fails");
    ClusterBench.Result result;
    try (EmbeddedBackends backends = EmbeddedBackends.start(folder.path())) {
      ClusterSetup setup = setup(folder.path(), backends, model);
      result =
          rebalance > 0
              ? new RebalanceBench(setup, plan, diagnostics::println).run(rebalance)
              : new ClusterBench(setup, plan, diagnostics::println).run();
    }
    folder.close();
    PrintWriter screen = spec.commandLine().getOut();
    screen.print(json ? result.report().json() + System.lineSeparator() : result.table());
    screen.flush();
    return 0;
  }

  private ClusterSetup setup(Path folder, EmbeddedBackends backends, Home.Model model) {
    return new ClusterSetup(
        folder,
        ChildJava.command(),
        spec.root().userObject().getClass().getName(),
        FreePort::next,
        new ClusterSetup.Backends(
            backends.bootstrapServers(),
            backends.redis(),
            assignor,
            KafkaBroker.SESSION_TIMEOUT.toSeconds()),
        model.folder(),
        model.catalog());
  }

  private ClusterPlan plan() {
    List<String> problems = new ArrayList<>();
    if (jobs < 1 || steps < 1 || workers < 1 || tasks < 1) {
      problems.add("--jobs, --steps, --workers, --tasks: must be at least 1");
    }
    if (zipf < 0 || rebalance < 0) {
      problems.add("--zipf, --rebalance: must not be negative");
    }
    if (rebalance > 0 && workers < 2) {
      problems.add("--workers: must be at least 2, so that partitions can move");
    }
    if (!(load > 0 && load < 1)) {
      problems.add("--load: must be above 0 and below 1");
    }
    List<Replay.Way> ways = new ArrayList<>();
    for (String arm : arms) {
      Arrays.stream(Replay.Way.values())
          .filter(way -> name(way).equals(arm))
          .findFirst()
          .ifPresentOrElse(
              ways::add,
              () -> problems.add("--arms: must be fifo, key-hash or ours, not '" + arm + "'"));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new ClusterPlan(workers, tasks, zipf, jobs, steps, load, ways);
  }

  private static String name(Replay.Way way) {
    return way.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
