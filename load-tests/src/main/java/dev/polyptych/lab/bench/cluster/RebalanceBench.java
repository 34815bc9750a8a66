package dev.polyptych.lab.bench.cluster;

import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.BenchReport.Aim;
import dev.polyptych.lab.bench.BenchReport.Findings;
import dev.polyptych.lab.bench.cluster.ClusterBench.ClusterPlan;
import dev.polyptych.lab.bench.cluster.ClusterBench.ClusterSetup;
import dev.polyptych.lab.bench.cluster.Entrance.BenchJobs;
import dev.polyptych.lab.bench.cluster.Entrance.DispatcherEntrance;
import dev.polyptych.lab.bench.cluster.Notices.NoticeSender;
import dev.polyptych.lab.process.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Workers join, leave and are killed under a light load. */
public final class RebalanceBench {
  private static final double MOST_SECONDS = 2;
  private static final double JOBS_PER_SECOND = 2;

  /** More jobs than can arrive during the bench. */
  private static final int JOBS = 20_000;

  private static final Duration SETTLED_WITHIN = Duration.ofMinutes(2);

  private final ClusterSetup setup;
  private final ClusterPlan plan;
  private final Consumer<String> progress;
  private final List<Rebalance> rebalances = new ArrayList<>();

  public RebalanceBench(ClusterSetup setup, ClusterPlan plan, Consumer<String> progress) {
    this.setup = setup;
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * Lets workers join one by one until the planned number is reached. Then, {@code times} times,
   * one leaves, one joins, one is killed and one joins.
   */
  public ClusterBench.Result run(int times) throws IOException, InterruptedException {
    CopiedTasks tasks =
        CopiedTasks.make(setup.model(), setup.catalog(), plan.tasks(), setup.folder());
    BenchJobs jobs = BenchJobs.of(tasks.catalog(), plan.steps());
    try (Notices notices = new Notices();
        RealFleet fleet = new RealFleet(setup, tasks, plan.partitions(), notices)) {
      fleet.startDispatcher(plan.partitions());
      fleet.startWorker();
      fleet.awaitEven();
      try (SteadyLoad load =
          SteadyLoad.start(
              new DispatcherEntrance(fleet.http(), fleet.dispatcher(), jobs),
              notices,
              ArrivalTrace.of(JOBS, plan.tasks(), plan.zipf(), JOBS_PER_SECOND))) {
        while (fleet.workers().size() < plan.workers()) {
          join(fleet, load);
        }
        for (int i = 0; i < times; i++) {
          change(Rebalance.Change.LEAVE, fleet, load);
          join(fleet, load);
          change(Rebalance.Change.KILL, fleet, load);
          join(fleet, load);
        }
      }
    }
    return result();
  }

  private void join(RealFleet fleet, SteadyLoad load) throws InterruptedException {
    change(Rebalance.Change.JOIN, fleet, load);
  }

  private void change(Rebalance.Change change, RealFleet fleet, SteadyLoad load)
      throws InterruptedException {
    List<String> before = fleet.ownership().owners();
    // A different position in the order each time.
    String one = fleet.workers().get(rebalances.size() % fleet.workers().size());
    double begin = NoticeSender.now();
    fleet.ownership().begin();
    int needed =
        switch (change) {
          case JOIN -> {
            fleet.startWorker();
            yield plan.partitions() / fleet.workers().size();
          }
          case LEAVE -> {
            fleet.leave(one);
            yield count(before, one);
          }
          case KILL -> {
            fleet.kill(one);
            yield count(before, one);
          }
        };
    fleet.awaitEven();
    double end = NoticeSender.now();
    Await.until("jobs to begin", SETTLED_WITHIN, () -> Await.when(load.begunBefore(end)));
    Rebalance rebalance =
        new Rebalance(
            change,
            fleet.workers().size(),
            needed,
            Ownership.moved(before, fleet.ownership().owners()),
            fleet.ownership().longestOwnerless(),
            load.longestWait(begin, end));
    rebalances.add(rebalance);
    progress.accept(Rebalance.table(List.of(rebalance)));
  }

  private static int count(List<String> owners, String worker) {
    return (int) owners.stream().filter(worker::equals).count();
  }

  private ClusterBench.Result result() {
    Map<String, Double> figures = new LinkedHashMap<>();
    List<Aim> aims = new ArrayList<>();
    for (Rebalance.Change change : Rebalance.Change.values()) {
      List<Rebalance> those = rebalances.stream().filter(one -> one.change() == change).toList();
      String name = change.name().toLowerCase(Locale.ROOT);
      double bound =
          change == Rebalance.Change.KILL ? KafkaBroker.SESSION_TIMEOUT.toSeconds() : MOST_SECONDS;
      figures.put(name + "_times", (double) those.size());
      figures.put(
          name + "_longest_wait_seconds",
          those.stream().mapToDouble(Rebalance::longestWait).max().orElse(0));
      aims.add(
          Aim.atMost(
              name + "_moved_beyond_need",
              0,
              (double) those.stream().mapToLong(Rebalance::beyondNeed).max().orElse(0)));
      aims.add(
          Aim.atMost(
              name + "_ownerless_seconds",
              bound,
              those.stream().mapToDouble(Rebalance::ownerlessSeconds).max().orElse(0)));
    }
    return new ClusterBench.Result(
        BenchReport.of("rebalance", new Findings(figures, aims)), Rebalance.table(rebalances));
  }

  /**
   * The result of a change of the fleet.
   *
   * @param workers number of workers after it
   * @param needed partitions that had to move for an even assignment
   * @param moved partitions that moved
   * @param ownerlessSeconds longest time that a partition had no owner
   * @param longestWait longest wait in seconds until the first step, of the jobs that arrived while
   *     partitions moved
   */
  record Rebalance(
      Change change,
      int workers,
      int needed,
      long moved,
      double ownerlessSeconds,
      double longestWait) {
    /** The kind of change. */
    enum Change {
      JOIN,
      LEAVE,
      KILL
    }

    static String table(List<Rebalance> rebalances) {
      StringBuilder table =
          new StringBuilder(
              """
              | change | workers then | to be moved | moved | without an owner s | longest wait s |
              | --- | --: | --: | --: | --: | --: |
              """);
      for (Rebalance one : rebalances) {
        table.append(
            String.format(
                Locale.ROOT,
                "| %s | %d | %d | %d | %.1f | %.1f |%n",
                one.change.name().toLowerCase(Locale.ROOT),
                one.workers,
                one.needed,
                one.moved,
                one.ownerlessSeconds,
                one.longestWait));
      }
      return table.toString();
    }

    long beyondNeed() {
      return moved - needed;
    }
  }
}
