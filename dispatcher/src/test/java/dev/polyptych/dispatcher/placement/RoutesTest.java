package dev.polyptych.dispatcher.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.dispatcher.Requests;
import dev.polyptych.dispatcher.cluster.ClusterView;
import dev.polyptych.dispatcher.metrics.RoutingMetrics;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.policy.routing.PartitionRanking;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.fleet.PlacementReport;
import dev.polyptych.schema.fleet.RouteReason;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.schema.job.AdapterLookup;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.OfferedTask;
import dev.polyptych.schema.job.RenderJob;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two workers with four partitions each; the adapter ranks 6, 5, 1, 4, 0, 7, 3, 2. */
class RoutesTest {
  private static final String ADAPTER = "couple-profile";
  private static final List<Integer> LOW = List.of(0, 1, 2, 3);
  private static final List<Integer> HIGH = List.of(4, 5, 6, 7);
  private static final Catalog TINY = CatalogFile.builtIn("tiny");
  private static final RenderJob JOB = job();

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private static final OfferedTask COUPLE =
      new OfferedTask(couple(TINY), TINY, AdapterLookup.of(TINY));

  private final RoutingMetrics metrics = new RoutingMetrics(registry);
  private ClusterView view = ClusterView.UNKNOWN;

  @Test
  void aWarmWorkerTakesTheJobThoughAnotherRanksHigher() {
    view = Fleets.view(worker("low", LOW, 1, Tier.WARM), worker("high", HIGH, 0, Tier.DISK));

    assertEquals(1, partition(routes(TINY), Fleets.PARTITIONS));

    assertEquals(Map.of(RouteReason.WARM, 1L), routed());
  }

  @Test
  void aWorkerThatHoldsTheAdapterTakesItWhereTheWarmOneHasMoreToDoThanASwapTakes() {
    view = Fleets.view(worker("low", LOW, 9, Tier.WARM), worker("high", HIGH, 0, Tier.HOST));

    assertEquals(6, partition(routes(TINY), Fleets.PARTITIONS));

    assertEquals(Map.of(RouteReason.RESIDENT, 1L), routed());
  }

  @Test
  void whereNobodyHoldsItTheLeastLoadedTakesIt() {
    view = Fleets.view(worker("low", LOW, 2, Tier.DISK), worker("high", HIGH, 100, Tier.DISK));

    assertEquals(1, partition(routes(TINY), Fleets.PARTITIONS));

    assertEquals(Map.of(RouteReason.LEAST_LOADED, 1L), routed());
  }

  @Test
  void withoutHeartbeatsRankOrderDecidesWhetherOrNotTheLanesAreSeen() {
    Routes routes = routes(TINY);

    assertEquals(6, partition(routes, Fleets.PARTITIONS));
    view = Fleets.view();
    assertEquals(6, partition(routes, Fleets.PARTITIONS));

    assertEquals(Map.of(RouteReason.NO_HEARTBEATS, 2L), routed());
  }

  @Test
  void aLookAtAnotherNumberOfPartitionsSaysNothingOfTheirOwners() {
    view = Fleets.view(worker("low", LOW, 0, Tier.WARM));

    assertEquals(PartitionRanking.first(ADAPTER, 64), partition(routes(TINY), 64));

    assertEquals(Map.of(RouteReason.NO_HEARTBEATS, 1L), routed());
  }

  @Test
  void whatWasSentSinceTheLookCountsSoEqualWorkersGetEqualParts() throws InterruptedException {
    view = Fleets.view(worker("low", LOW, 0, Tier.WARM), worker("high", HIGH, 0, Tier.WARM));
    Routes routes = routes(TINY);
    Map<Integer, AtomicInteger> sent = new ConcurrentHashMap<>();

    try (var callers = Executors.newFixedThreadPool(8)) {
      IntStream.range(0, 2000)
          .forEach(
              i ->
                  callers.execute(
                      () ->
                          sent.computeIfAbsent(
                                  partition(routes, Fleets.PARTITIONS),
                                  partition -> new AtomicInteger())
                              .incrementAndGet()));
    }

    // Nobody has measured a job, so each counts as one; the first choices of both workers.
    assertEquals(Set.of(1, 6), sent.keySet());
    assertEquals(1000, sent.get(1).get(), 1);
    assertEquals(2000, routed().get(RouteReason.WARM));
  }

  @Test
  void aPinTakesAllJobsWhateverItsLoad() {
    view = Fleets.view(worker("low", LOW, 1000, Tier.DISK), worker("high", HIGH, 0, Tier.WARM));
    Routes routes = routes(routed(Optional.of(3), Optional.empty()));

    assertEquals(3, partition(routes, Fleets.PARTITIONS));
    assertEquals(3, routes.likely(couple(TINY).id(), couple(TINY).adapter(), view.fleet()));

    assertEquals(Map.of(RouteReason.PINNED, 1L), routed());
  }

  @Test
  void aPinThatTheLanesDoNotHaveLosesNoJob() {
    view = Fleets.view(worker("low", LOW, 0, Tier.WARM), worker("high", HIGH, 0, Tier.DISK));
    Routes routes = routes(routed(Optional.of(8), Optional.empty()));

    assertEquals(1, partition(routes, Fleets.PARTITIONS));

    assertEquals(Map.of(RouteReason.WARM, 1L), routed());
    assertEquals(
        List.of(
            "catalog: couple-profile.routing.pin: 8 is beyond the lanes' 8 partitions, so its jobs"
                + " go where routing finds best; name one from 0 to 7"),
        new RoutingOverrides(routed(Optional.of(8), Optional.empty())).beyond(8));
  }

  @Test
  void aMinimumWidthSpreadsATaskWithoutTraffic() {
    view =
        Fleets.view(
            worker("a", List.of(6), 0, Tier.DISK),
            worker("b", List.of(5), 0, Tier.DISK),
            worker("c", List.of(1), 0, Tier.DISK),
            worker("d", List.of(4), 0, Tier.DISK));

    assertEquals(1, routes(TINY).spread(couple(TINY)).workers());
    Catalog wide = routed(Optional.empty(), Optional.of(3));
    assertEquals(3, routes(wide).spread(couple(wide)).workers());
  }

  @Test
  void aJobThatIsOnlyLookedForCountsNothing() {
    view = Fleets.view(worker("low", LOW, 0, Tier.WARM), worker("high", HIGH, 0, Tier.WARM));
    Routes routes = routes(TINY);

    IntStream.range(0, 10)
        .forEach(
            i ->
                assertEquals(
                    6, routes.likely(couple(TINY).id(), couple(TINY).adapter(), view.fleet())));

    assertEquals(Map.of(), routed());
    assertEquals(0, routes.spread(couple(TINY)).share());
  }

  @Test
  void theReportShowsTheSpreadWithOwnersAndTheOneThatTheNextJobGets() {
    view = Fleets.view(worker("low", LOW, 9, Tier.WARM), worker("high", HIGH, 4, Tier.HOST));
    RoutesByBase byBase = byBase();
    int sent = partition(byBase.of(TINY.model()), Fleets.PARTITIONS);

    PlacementReport report = new PlacementReports(byBase).of(COUPLE);

    assertEquals(6, sent);
    assertEquals(0.5, report.share(), 1e-9);
    assertEquals(2, report.width());
    assertEquals(8, report.partitions());
    assertEquals(
        List.of(
            new PlacementReport.Spot(
                6, Optional.of("high"), Optional.of(Tier.HOST), Optional.of(4.0)),
            new PlacementReport.Spot(
                1, Optional.of("low"), Optional.of(Tier.WARM), Optional.of(9.0))),
        report.spread());
    assertEquals(6, report.next().orElseThrow().partition());
    assertEquals(RouteReason.RESIDENT, report.next().orElseThrow().reason());
    assertTrue(report.next().orElseThrow().text().contains("high"), report::toString);
  }

  @Test
  void beforeTheLanesAreSeenTheReportSaysSo() {
    PlacementReport report = new PlacementReports(byBase()).of(COUPLE);

    assertEquals(0, report.partitions());
    assertEquals(List.of(), report.spread());
    assertEquals(Optional.empty(), report.next());
  }

  @Test
  void sharesAndWidthsAreExportedByTaskOnceATaskHasTraffic() {
    view = Fleets.view(worker("low", LOW, 0, Tier.WARM), worker("high", HIGH, 0, Tier.WARM));
    Routes routes = routes(TINY);
    metrics.watch(TINY, routes::spread);

    partition(routes, Fleets.PARTITIONS);

    assertEquals(Map.of("couple-profile", 0.5), gauge("traffic_share_ratio"));
    assertEquals(Map.of("couple-profile", 2.0), gauge("spread_workers"));
  }

  private static int partition(Routes routes, int partitions) {
    return routes.route(JOB, routes.gpuSeconds(JOB), partitions).partition();
  }

  private RoutesByBase byBase() {
    return new RoutesByBase(TINY, base -> view, metrics, Clock.fixed(Fleets.NOW, ZoneOffset.UTC));
  }

  private Routes routes(Catalog catalog) {
    return new Routes(catalog, () -> view, metrics, Clock.fixed(Fleets.NOW, ZoneOffset.UTC));
  }

  /** How many jobs were sent for each reason, where any were. */
  private Map<RouteReason, Long> routed() {
    Map<RouteReason, Long> counts = new EnumMap<>(RouteReason.class);
    CounterSnapshot counter = (CounterSnapshot) snapshot("jobs_routed");
    for (var point : counter.getDataPoints()) {
      if (point.getValue() > 0) {
        String reason = point.getLabels().get("reason").toUpperCase(Locale.ROOT);
        counts.put(RouteReason.valueOf(reason), (long) point.getValue());
      }
    }
    return counts;
  }

  private Map<String, Double> gauge(String name) {
    Map<String, Double> values = new HashMap<>();
    ((GaugeSnapshot) snapshot(name))
        .getDataPoints()
        .forEach(point -> values.put(point.getLabels().get("task"), point.getValue()));
    return values;
  }

  private MetricSnapshot snapshot(String name) {
    return registry.scrape(("polyptych_dispatcher_" + name)::equals).stream()
        .findFirst()
        .orElseThrow();
  }

  private static FleetWorker worker(
      String id, List<Integer> partitions, double seconds, Tier tier) {
    return Fleets.worker(id, partitions, seconds, Map.of(ADAPTER, tier));
  }

  private static Task couple(Catalog catalog) {
    return catalog.task("couple-profile").orElseThrow();
  }

  /** The built-in catalog with one task routed as an operator wants it. */
  private static Catalog routed(Optional<Integer> pin, Optional<Integer> minimumWidth) {
    Task task = couple(TINY);
    Task wished =
        new Task(
            task.id(),
            task.title(),
            task.adapter(),
            task.layout(),
            task.template(),
            task.defaults(),
            task.example(),
            Optional.of(new Task.Routing(pin, minimumWidth)));
    return TINY.withTasks(List.of(wished));
  }

  private static RenderJob job() {
    JobRequest request =
        ((Validated.Valid<JobRequest>)
                JobRequestReader.read(
                    Requests.coupleWith("\"seed\": 1").getBytes(StandardCharsets.UTF_8)))
            .value();
    return ((Validated.Valid<RenderJob>) new JobResolver(TINY).resolve("j-1", request)).value();
  }
}
