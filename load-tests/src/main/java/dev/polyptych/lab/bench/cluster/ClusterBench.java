package dev.polyptych.lab.bench.cluster;

import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.BenchReport.Aim;
import dev.polyptych.lab.bench.BenchReport.Findings;
import dev.polyptych.lab.bench.cluster.Entrance.BenchJobs;
import dev.polyptych.lab.bench.cluster.Entrance.DispatcherEntrance;
import dev.polyptych.lab.bench.cluster.Entrance.HashEntrance;
import dev.polyptych.lab.simulator.Replay;
import dev.polyptych.schema.catalog.CatalogFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs the arms on one fleet of processes, one after the other, with the same jobs. */
public final class ClusterBench {
  private static final double OVERLOAD = 2;

  /** Distance between the seeds of two rounds, so that no seed is used twice. */
  private static final long SEEDS = 1_000_000;

  /** Enough that every worker has measured its costs. */
  private static final int WARM_UP_JOBS_EACH = 20;

  private final ClusterSetup setup;
  private final ClusterPlan plan;
  private final Consumer<String> progress;
  private final List<Comparison> comparisons = new ArrayList<>();
  private double capacity;
  private long rounds;

  public ClusterBench(ClusterSetup setup, ClusterPlan plan, Consumer<String> progress) {
    this.setup = setup;
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * The result.
   *
   * @param table for people
   */
  public record Result(BenchReport report, String table) {}

  public Result run() throws IOException, InterruptedException {
    CopiedTasks tasks =
        CopiedTasks.make(setup.model(), setup.catalog(), plan.tasks(), setup.folder());
    BenchJobs jobs = BenchJobs.of(tasks.catalog(), plan.steps());
    try (Notices notices = new Notices();
        RealFleet fleet = new RealFleet(setup, tasks, plan.partitions(), notices);
        DirectRecords records =
            new DirectRecords(
                setup.backends().bootstrapServers(), CatalogFile.read(tasks.catalog()))) {
      fleet.startDispatcher(plan.partitions());
      for (int number = 0; number < plan.workers(); number++) {
        String worker = fleet.startWorker();
        progress.accept(worker + " starts");
      }
      fleet.awaitEven();
      Stage stage = new Stage(fleet, notices, records, jobs);
      measureCapacity(stage);
      for (Replay.Way way : plan.arms()) {
        compare(stage, way, "load-" + Math.round(100 * plan.load()), plan.load());
        compare(stage, way, "overload", OVERLOAD);
      }
    }
    return result();
  }

  /** The parts that every round uses. */
  private record Stage(RealFleet fleet, Notices notices, DirectRecords records, BenchJobs jobs) {
    Entrance entrance(Replay.Way way, int partitions) {
      return switch (way) {
        case FIFO -> new SharedEntrance(records, jobs, fleet);
        case KEY_HASH -> new HashEntrance(records, jobs, partitions);
        case OURS -> new DispatcherEntrance(fleet.http(), fleet.dispatcher(), jobs);
      };
    }
  }

  /** Measures the jobs per second of all workers together while jobs always wait. */
  private void measureCapacity(Stage stage) throws InterruptedException {
    List<Round.Drawn> first = round(stage, Replay.Way.OURS, burst(), "warm-up");
    progress.accept("%d jobs to begin with".formatted(first.size()));
    Prediction measured = new Prediction(round(stage, Replay.Way.OURS, burst(), "capacity"));
    capacity = plan.workers() / (measured.drawnSeconds() + measured.gapSeconds());
    progress.accept("%.1f jobs a second can be drawn".formatted(capacity));
  }

  private List<ArrivalTrace.Arrival> burst() {
    return ArrivalTrace.of(WARM_UP_JOBS_EACH * plan.workers(), plan.tasks(), plan.zipf(), 1000);
  }

  private void compare(Stage stage, Replay.Way way, String name, double load)
      throws InterruptedException {
    int jobs = load > 1 ? (plan.jobs() + 1) / 2 : plan.jobs();
    List<ArrivalTrace.Arrival> arrivals =
        ArrivalTrace.of(jobs, plan.tasks(), plan.zipf(), load * capacity);
    Prediction prediction = new Prediction(round(stage, way, arrivals, name));
    Map<String, Double> costs = new LinkedHashMap<>();
    costs.put("drawn_seconds", prediction.drawnSeconds());
    costs.put("swap_seconds", prediction.swapSeconds());
    costs.put("cold_swap_seconds", prediction.coldSwapSeconds());
    costs.put("gap_seconds", prediction.gapSeconds());
    costs.put("delivery_seconds", prediction.deliverySeconds());
    Measures predicted =
        prediction.predicted(
            way, plan.tasks(), stage.fleet().workers(), stage.fleet().ownership().owners());
    Comparison comparison = new Comparison(name, way, prediction.measured(), predicted, costs);
    comparisons.add(comparison);
    progress.accept(Comparison.table(List.of(comparison)) + costs);
  }

  private List<Round.Drawn> round(
      Stage stage, Replay.Way way, List<ArrivalTrace.Arrival> arrivals, String name)
      throws InterruptedException {
    progress.accept(way + ", " + name);
    return Round.run(
        stage.entrance(way, plan.partitions()), arrivals, ++rounds * SEEDS, stage.notices());
  }

  private Result result() {
    Map<String, Double> figures = new LinkedHashMap<>();
    List<Aim> aims = new ArrayList<>();
    figures.put("capacity_jobs_per_second", capacity);
    comparisons.forEach(comparison -> comparison.addTo(figures, aims));
    return new Result(
        BenchReport.of("cluster", new Findings(figures, aims)), Comparison.table(comparisons));
  }

  /**
   * The size of the bench.
   *
   * @param jobs of each arm; half as many under overload
   * @param steps of a job
   * @param zipf exponent of the tasks' popularity
   * @param load share of the fleet's capacity; overload is twice the capacity
   */
  public record ClusterPlan(
      int workers,
      int tasks,
      double zipf,
      int jobs,
      int steps,
      double load,
      List<Replay.Way> arms) {
    /** Partitions per worker, as recommended. */
    private static final int PARTITIONS_EACH = 4;

    public ClusterPlan {
      arms = List.copyOf(arms);
    }

    int partitions() {
      return PARTITIONS_EACH * workers;
    }
  }

  /**
   * The setup of the bench.
   *
   * @param folder empty; for the model, the catalog and logs
   * @param backends without data
   * @param assignor with which the broker assigns partitions
   * @param model folder of the model whose adapters are copied
   * @param catalog name of its built-in catalog
   */
  public record ClusterSetup(
      Path folder, EmbeddedBackends backends, String assignor, Path model, String catalog) {}
}
