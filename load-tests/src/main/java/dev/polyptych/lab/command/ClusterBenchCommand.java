package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Home;
import dev.polyptych.cli.embedded.TemporaryFolder;
import dev.polyptych.embedded.LaneAssignor;
import dev.polyptych.lab.bench.cluster.ClusterBench;
import dev.polyptych.lab.bench.cluster.ClusterBench.ClusterPlan;
import dev.polyptych.lab.bench.cluster.ClusterBench.ClusterSetup;
import dev.polyptych.lab.bench.cluster.EmbeddedBackends;
import dev.polyptych.lab.bench.cluster.RebalanceBench;
import dev.polyptych.lab.simulator.Replay;
import dev.polyptych.schema.config.ConfigException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych bench cluster}. */
@Command(
    name = "cluster",
    mixinStandardHelpOptions = true,
    description =
        "Runs a dispatcher and workers in processes of their own. Compares routing and schedule"
            + " with a shared queue, with a hash of the adapter, and with the simulator's"
            + " predictions.")
public final class ClusterBenchCommand implements Callable<Integer> {
  @Mixin private ReportOptions report = new ReportOptions();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Jobs of each arm; half as many under overload (default: ${DEFAULT-VALUE}).")
  private int jobs = 500;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of each job (default: ${DEFAULT-VALUE}).")
  private int steps = 2;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Worker processes (default: ${DEFAULT-VALUE}).")
  private int workers = 4;

  @Option(
      names = "--tasks",
      paramLabel = "N",
      description = "Tasks, each with its own adapter (default: ${DEFAULT-VALUE}).")
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
          "Load as a share of the workers' capacity, below 1; a load of 2 follows (default:"
              + " ${DEFAULT-VALUE}).")
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
          "Measure rebalances instead: workers join one by one under a light load; then, TIMES"
              + " times, one leaves, one joins, one is killed and one joins. Reports which"
              + " partitions move and for how long they have no owner.")
  private int rebalance;

  @Option(
      names = "--assignor",
      paramLabel = "NAME",
      description =
          "How the broker assigns partitions to workers: "
              + LaneAssignor.NAME
              + " or Kafka's range (default: ${DEFAULT-VALUE}).")
  private String assignor = LaneAssignor.NAME;

  @Override
  public Integer call() throws Exception {
    ClusterPlan plan = plan();
    Home.Model model = Home.builtInModel();
    TemporaryFolder folder = TemporaryFolder.create();
    report.progress("logs and data are in " + folder.path() + "; they stay if this fails");
    ClusterBench.Result result;
    try (EmbeddedBackends backends = EmbeddedBackends.start(folder.path())) {
      var setup =
          new ClusterSetup(folder.path(), backends, assignor, model.folder(), model.catalog());
      result =
          rebalance > 0
              ? new RebalanceBench(setup, plan, report::progress).run(rebalance)
              : new ClusterBench(setup, plan, report::progress).run();
    }
    folder.close();
    report.print(result.report(), result.table());
    return 0;
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
