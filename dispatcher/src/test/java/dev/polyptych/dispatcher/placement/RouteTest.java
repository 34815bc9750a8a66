package dev.polyptych.dispatcher.placement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.dispatcher.PlayedWorker;
import dev.polyptych.dispatcher.Requests;
import dev.polyptych.dispatcher.cluster.ClusterView;
import dev.polyptych.dispatcher.cluster.LanePositions;
import dev.polyptych.dispatcher.metrics.RoutingMetrics;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.fleet.WorkerLoad;
import dev.polyptych.schema.job.Forecast;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.RenderJob;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two workers whose queues tell them apart: three jobs of 2 s each, and two of 3,000 s each. */
class RouteTest {
  private static final Catalog TINY = CatalogFile.builtIn("tiny");
  private static final RenderJob JOB = job();
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Map<String, Forecast> QUEUES =
      Map.of("low", forecast(6, 3), "high", forecast(6_000, 2));

  private final ClusterView view =
      ClusterView.of(
          List.of(
              PlayedWorker.heartbeat("low", List.of(0, 1), load(2)),
              PlayedWorker.heartbeat("high", List.of(2, 3), load(3_000))),
          new LanePositions(
              Map.of(Lane.INTERACTIVE, new long[4], Lane.BATCH, new long[4]),
              Map.of(Lane.INTERACTIVE, new long[] {1, 2, 0, 2}, Lane.BATCH, new long[4])),
          NOW);

  @Test
  void theForecastIsForTheQueueOfTheWorkerThatGetsTheJobHoweverManyComeAtOnce()
      throws InterruptedException {
    Routes routes =
        new Routes(
            TINY,
            () -> view,
            new RoutingMetrics(new PrometheusRegistry()),
            Clock.fixed(NOW, ZoneOffset.UTC));
    Set<Route> made = ConcurrentHashMap.newKeySet();

    try (var callers = Executors.newFixedThreadPool(8)) {
      IntStream.range(0, 8_000)
          .forEach(i -> callers.execute(() -> made.add(routes.route(JOB, Optional.empty(), 4))));
    }

    Set<String> owners =
        made.stream().map(route -> owner(route.partition())).collect(Collectors.toSet());
    assertEquals(QUEUES.keySet(), owners, "both workers got jobs");
    made.forEach(route -> assertEquals(QUEUES.get(owner(route.partition())), route.forecast()));
  }

  private String owner(int partition) {
    return view.owner(partition).orElseThrow().id();
  }

  private static Forecast forecast(int seconds, long jobs) {
    return new Forecast(
        Optional.of(Duration.ofSeconds(seconds)), Optional.empty(), Optional.of(jobs));
  }

  private static WorkerLoad load(double jobSeconds) {
    return new WorkerLoad(1e-5, 0.5, jobSeconds, 0, 0, List.of());
  }

  private static RenderJob job() {
    JobRequest request =
        ((Validated.Valid<JobRequest>)
                JobRequestReader.read(Requests.coupleWith("\"seed\": 1").getBytes(UTF_8)))
            .value();
    return ((Validated.Valid<RenderJob>) new JobResolver(TINY).resolve("j-1", request)).value();
  }
}
