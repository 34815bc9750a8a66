package dev.polyptych.lab.bench.dispatch;

import dev.polyptych.lab.bench.BenchReport.Aim;
import dev.polyptych.lab.bench.BenchReport.Findings;
import dev.polyptych.lab.bench.ExampleJobs;
import dev.polyptych.lab.bench.Timings;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Measures the overhead of a job: the time from its submission until its caller knows that it is
 * done, minus the time in the worker's engine. It measures one job at a time, and a load of 80 % of
 * the worker's capacity with random arrivals.
 */
public final class OverheadBench {
  private static final double LOAD = 0.8;
  private static final int WARM_UP_JOBS = 200;
  private static final int STEPS = 4;
  private static final double MOST_P50_SECONDS = 0.010;
  private static final double MOST_P99_SECONDS = 0.025;

  /** The maximum number of jobs in flight. */
  private static final int CONNECTIONS = 512;

  private static final int WAIT_SECONDS = 30;

  private final LoadClient client;
  private final EngineClock engine;
  private final Buffer job;
  private final Duration time;
  private final Consumer<String> progress;
  private final Map<String, Double> figures = new LinkedHashMap<>();
  private final List<Aim> aims = new ArrayList<>();

  private OverheadBench(
      LoadClient client, EngineClock engine, Buffer job, Duration time, Consumer<String> progress) {
    this.client = client;
    this.engine = engine;
    this.job = job;
    this.time = time;
    this.progress = progress;
  }

  /**
   * A dispatcher with one worker.
   *
   * @param workerMetrics address of the worker's metrics
   */
  public record Target(URI dispatcher, URI workerMetrics, Task task) {}

  /**
   * @param time of each of the two measurements
   * @param warm whether jobs are drawn before any is measured
   */
  public static Findings run(Target target, Duration time, boolean warm, Consumer<String> progress)
      throws Exception {
    Buffer job = Buffer.buffer(Json.bytes(ExampleJobs.of(target.task(), 1, STEPS)));
    try (LoadClient client = new LoadClient(target.dispatcher(), CONNECTIONS);
        EngineClock engine = new EngineClock(target.workerMetrics())) {
      OverheadBench bench = new OverheadBench(client, engine, job, time, progress);
      for (int i = 0; warm && i < WARM_UP_JOBS; i++) {
        bench.await(bench.rendered());
      }
      bench.loaded(bench.idle());
      return new Findings(bench.figures, bench.aims);
    }
  }

  /** The engine's mean seconds for a job. */
  private double idle() throws Exception {
    progress.accept("one job after another");
    Timings overheads = new Timings();
    EngineClock.Reading first = engine.read();
    EngineClock.Reading before = first;
    for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; ) {
      long begun = System.nanoTime();
      await(rendered());
      long took = System.nanoTime() - begun;
      EngineClock.Reading after = engine.read();
      overheads.add(took - after.since(before).nanos());
      before = after;
    }
    record("idle", overheads);
    aims.add(Aim.atMost("overhead_idle_p50_seconds", MOST_P50_SECONDS, overheads.percentile(0.5)));
    aims.add(Aim.atMost("overhead_idle_p99_seconds", MOST_P99_SECONDS, overheads.percentile(0.99)));
    double mean = before.since(first).meanNanos() / 1e9;
    figures.put("engine_mean_seconds", mean);
    return mean;
  }

  /**
   * An open model: jobs arrive whether or not earlier ones are done. A job's time starts at its
   * arrival.
   */
  private void loaded(double engineSeconds) throws Exception {
    progress.accept("under a load of " + LOAD);
    Random random = new Random(1);
    Timings times = new Timings();
    List<Future<Void>> jobs = new ArrayList<>();
    EngineClock.Reading before = engine.read();
    long due = System.nanoTime();
    for (long end = due + time.toNanos(); due < end; ) {
      due += (long) (-Math.log(1 - random.nextDouble()) * engineSeconds / LOAD * 1e9);
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      long begun = due;
      jobs.add(rendered().onSuccess(done -> times.add(System.nanoTime() - begun)));
    }
    for (Future<Void> waiting : jobs) {
      await(waiting);
    }
    // The engine's time per job is not known. All jobs are the same, so each gets the mean.
    long mean = engine.read().since(before).meanNanos();
    Timings overheads = times.less(mean);
    record("load_80", overheads);
  }

  private void record(String name, Timings overheads) {
    figures.put("overhead_" + name + "_jobs", (double) overheads.count());
    figures.put("overhead_" + name + "_p50_seconds", overheads.percentile(0.5));
    figures.put("overhead_" + name + "_p99_seconds", overheads.percentile(0.99));
  }

  /** Submits a job and completes when the answer says that it is done. */
  private Future<Void> rendered() {
    return client
        .post("/v1/jobs", "application/json", "wait=" + WAIT_SECONDS, job)
        .compose(
            reply ->
                reply.status() == 200
                    ? Future.succeededFuture()
                    : Future.failedFuture(reply.unexpected()));
  }

  private void await(Future<Void> outcome) throws Exception {
    var _ =
        outcome.toCompletionStage().toCompletableFuture().get(2L * WAIT_SECONDS, TimeUnit.SECONDS);
  }
}
