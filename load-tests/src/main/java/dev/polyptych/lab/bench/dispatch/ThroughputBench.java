package dev.polyptych.lab.bench.dispatch;

import dev.polyptych.lab.bench.BenchReport.Aim;
import dev.polyptych.lab.bench.BenchReport.Findings;
import dev.polyptych.lab.bench.ExampleJobs;
import dev.polyptych.lab.bench.Quantiles;
import dev.polyptych.lab.bench.engine.EngineRate;
import dev.polyptych.schema.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Measures sets per minute of the whole cluster while jobs always wait, compared with the engine
 * alone on the same machine. The two take turns. The median of the rounds' ratios counts.
 */
public final class ThroughputBench {
  /** Jobs in flight: one is drawn, one is stored, the others wait. */
  private static final int IN_FLIGHT = 8;

  private static final int WAIT_SECONDS = 60;
  private static final double LEAST_SHARE = 0.9;

  private final LoadClient client;
  private final EngineClock engine;
  private final Buffer job;
  private final AtomicLong done = new AtomicLong();
  private volatile boolean ended;

  private ThroughputBench(LoadClient client, EngineClock engine, Buffer job) {
    this.client = client;
    this.engine = engine;
    this.job = job;
  }

  /**
   * One round: sets per minute of the cluster, and the share of time in which its engine was busy.
   */
  private record Loaded(double setsPerMinute, double busy) {}

  /**
   * @param alone the engine alone; it draws on the calling thread
   * @param time of each arm in a round
   */
  public static Findings run(
      OverheadBench.Target target,
      EngineRate alone,
      Duration time,
      int rounds,
      Consumer<String> progress)
      throws Exception {
    Buffer job = Buffer.buffer(Json.bytes(ExampleJobs.of(target.task())));
    double[] own = new double[rounds];
    double[] through = new double[rounds];
    double[] shares = new double[rounds];
    double[] busy = new double[rounds];
    try (LoadClient client = new LoadClient(target.dispatcher(), IN_FLIGHT);
        EngineClock engine = new EngineClock(target.workerMetrics())) {
      for (int round = 0; round < rounds; round++) {
        own[round] = alone.setsPerMinute(time);
        Loaded loaded = new ThroughputBench(client, engine, job).loaded(time);
        through[round] = loaded.setsPerMinute();
        busy[round] = loaded.busy();
        shares[round] = through[round] / own[round];
        progress.accept(
            "sets a minute: alone %.1f, through the cluster %.1f"
                .formatted(own[round], through[round]));
      }
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("engine_sets_per_minute", Quantiles.median(own));
    figures.put("cluster_sets_per_minute", Quantiles.median(through));
    figures.put("cluster_engine_busy_share", Quantiles.median(busy));
    Aim aim = Aim.atLeast("cluster_share_of_engine_rate", LEAST_SHARE, Quantiles.median(shares));
    return new Findings(figures, List.of(aim));
  }

  private Loaded loaded(Duration time) throws Exception {
    List<Future<Void>> loops = IntStream.range(0, IN_FLIGHT).mapToObj(i -> loop()).toList();
    // When the measurement starts, jobs must already wait and the adapter must be warm.
    while (done.get() < IN_FLIGHT / 2) {
      failed(loops);
      TimeUnit.MILLISECONDS.sleep(5);
    }
    EngineClock.Reading before = engine.read();
    long begin = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
    EngineClock.Reading drawn = engine.read().since(before);
    double minutes = (System.nanoTime() - begin) / 60e9;
    ended = true;
    for (Future<Void> loop : loops) {
      var _ =
          loop.toCompletionStage().toCompletableFuture().get(2L * WAIT_SECONDS, TimeUnit.SECONDS);
    }
    return new Loaded(drawn.jobs() / minutes, drawn.nanos() / 60e9 / minutes);
  }

  private static void failed(List<Future<Void>> loops) {
    loops.stream()
        .filter(Future::failed)
        .findFirst()
        .ifPresent(
            loop -> {
              throw new IllegalStateException("the load ended", loop.cause());
            });
  }

  /** Submits the next job as soon as one is done. */
  private Future<Void> loop() {
    if (ended) {
      return Future.succeededFuture();
    }
    return client
        .post("/v1/jobs", "application/json", "wait=" + WAIT_SECONDS, job)
        .compose(
            reply -> {
              if (reply.status() != 200) {
                return Future.failedFuture(reply.unexpected());
              }
              done.incrementAndGet();
              return loop();
            });
  }
}
