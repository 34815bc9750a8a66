package dev.polyptych.lab.bench.dispatch;

import dev.polyptych.lab.bench.BenchReport.Aim;
import dev.polyptych.lab.bench.BenchReport.Findings;
import dev.polyptych.lab.bench.ExampleJobs;
import dev.polyptych.lab.bench.dispatch.LoadArm.LoadSample;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobRequest;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures the jobs per second that a dispatcher accepts, singly and in batches, compared with a
 * loop that makes the same durable writes, and with a bare producer on the same broker. The arms
 * take turns, so that other load on the machine affects all of them.
 */
public final class AcceptBench {
  private static final List<Integer> CONNECTIONS = List.of(1, 16, 256);

  /**
   * Aims are judged at this number of connections. It is the dispatcher's limit for calls ({@code
   * concurrentCalls}), and the loop has as many writes in flight.
   */
  private static final int MOST_CONNECTIONS = 256;

  /** The compiler goes on for a minute or two where it shares two processors with the load. */
  private static final int MOST_WARM_UPS = 20;

  private static final int BATCH_LINES = 500;
  private static final double LEAST_SHARE = 0.5;

  private final Target target;
  private final Plan plan;
  private final Consumer<String> progress;
  private final Map<String, Double> figures = new LinkedHashMap<>();
  private final List<Aim> aims = new ArrayList<>();

  /**
   * A dispatcher and its broker. There is no worker, because it would compete for the processors.
   *
   * @param partitions of each lane
   */
  public record Target(
      URI dispatcher, String bootstrapServers, int partitions, Catalog catalog, Task task) {}

  /**
   * @param round duration of one turn of an arm
   * @param rounds turns of each arm; the median counts
   * @param warm whether each arm runs until it is steady before it is measured
   */
  public record Plan(Duration round, int rounds, boolean warm) {}

  public AcceptBench(Target target, Plan plan, Consumer<String> progress) {
    this.target = target;
    this.plan = plan;
    this.progress = progress;
  }

  public Findings run() throws Exception {
    JobRequest job = ExampleJobs.of(target.task());
    try (LoadClient client = new LoadClient(target.dispatcher(), MOST_CONNECTIONS);
        ProducerArm producer = new ProducerArm(target, job);
        WritesArm writes = new WritesArm(target, job)) {
      List<LoadArm> arms =
          List.of(
              producer,
              writes,
              SubmitArm.single(client, job),
              SubmitArm.batch(client, job, BATCH_LINES));
      if (plan.warm()) {
        progress.accept("warming up");
        for (LoadArm arm : arms) {
          warmUp(arm);
        }
      }
      for (int connections : CONNECTIONS) {
        measure(arms, connections);
      }
      figures.put("producer_pipelined_per_second", producer.pipelined(plan.round()));
    }
    judge();
    return new Findings(figures, aims);
  }

  /** Until a turn is no longer faster than the best one before by a twentieth. */
  private void warmUp(LoadArm arm) throws Exception {
    double best = 0;
    for (int turn = 0; turn < MOST_WARM_UPS; turn++) {
      double rate = arm.run(MOST_CONNECTIONS, plan.round()).perSecond();
      if (rate < 1.05 * best) {
        return;
      }
      best = rate;
    }
  }

  private void measure(List<LoadArm> arms, int connections) throws Exception {
    Map<LoadArm, List<LoadSample>> samples = new LinkedHashMap<>();
    for (int round = 1; round <= plan.rounds(); round++) {
      progress.accept(connections + " connections, round " + round + " of " + plan.rounds());
      for (LoadArm arm : arms) {
        samples
            .computeIfAbsent(arm, first -> new ArrayList<>())
            .add(arm.run(connections, plan.round()));
      }
    }
    samples.forEach((arm, rounds) -> record(arm.name() + "_" + connections, rounds));
  }

  private void record(String name, List<LoadSample> rounds) {
    LoadSample median = LoadSample.median(rounds);
    figures.put(name + "_accepted_per_second", median.perSecond());
    figures.put(name + "_p50_seconds", median.p50Seconds());
    figures.put(name + "_p99_seconds", median.p99Seconds());
    if (median.refusals() > 0) {
      figures.put(name + "_told_to_come_back", median.refusals());
    }
  }

  private void judge() {
    for (int connections : CONNECTIONS) {
      figures.put("single_share_" + connections, share("single", connections));
      figures.put("batch_share_" + connections, share("batch", connections));
    }
    aims.add(
        Aim.atLeast(
            "single_submits_share_of_bare_writes", LEAST_SHARE, share("single", MOST_CONNECTIONS)));
    aims.add(
        Aim.atLeast(
            "batch_submits_share_of_bare_writes", LEAST_SHARE, share("batch", MOST_CONNECTIONS)));
  }

  /**
   * A batch has many jobs in flight on one connection, so it is compared with the writes at full
   * load.
   */
  private double share(String arm, int connections) {
    int records = arm.equals("batch") ? MOST_CONNECTIONS : connections;
    return figures.get(arm + "_" + connections + "_accepted_per_second")
        / figures.get("writes_" + records + "_accepted_per_second");
  }
}
