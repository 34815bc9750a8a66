package dev.polyptych.cli.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.engine.tiny.TinyModels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dashboards and rules on a real Prometheus that watches a real cluster at work. */
class MonitoringIT {
  /** What the traffic is to bring about, or the dashboards would be tried on zeros. */
  private static final List<String> EVENTS =
      List.of(
          "polyptych_worker_sets_total",
          "polyptych_worker_swap_seconds_count",
          "polyptych_worker_warm_hits_total",
          "polyptych_worker_passed_on_total",
          "polyptych_worker_handovers_total",
          "polyptych_worker_dead_letters_total{code=\"ADAPTER_UNAVAILABLE\"}",
          "polyptych_worker_attempts_total{outcome=\"unable\"}",
          "polyptych_dispatcher_jobs_cancelled_total",
          "polyptych_dispatcher_requests_total{operation=\"submitBatch\"}",
          "polyptych_dispatcher_requests_total{operation=\"putReference\",code=\"201\"}",
          "polyptych_dispatcher_tenant_limited_total{tenant=\"small\",limit=\"queuedJobs\"}",
          "polyptych_dispatcher_callback_deliveries_total{outcome=\"delivered\"}",
          "polyptych_dispatcher_callback_deliveries_total{outcome=\"retried\"}");

  @TempDir static Path folder;
  private static WatchedCluster cluster;
  private static Traffic traffic;
  private static PrometheusServer prometheus;

  @BeforeAll
  static void start() throws Exception {
    PrometheusServer.assumeInstalled();
    Path model = TinyModels.folder();
    cluster = new WatchedCluster(folder, model);
    prometheus = PrometheusServer.start(folder, Monitoring.ruleFile(folder), cluster.targets());
    traffic = new Traffic(cluster);
  }

  @AfterAll
  static void stop() {
    if (traffic != null) {
      traffic.close();
    }
    if (prometheus != null) {
      prometheus.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void everyQueryOfEveryPanelHasData() throws Exception {
    Map<String, String> queries = Monitoring.panelQueries();
    assertTrue(queries.size() > 60, queries.size() + " queries");

    untilAllHaveData(queries);
  }

  @Test
  void everyRecordedSeriesHasData() throws Exception {
    Set<String> recorded = Monitoring.rules("record").keySet();
    assertTrue(recorded.size() >= 9, recorded::toString);

    untilAllHaveData(recorded.stream().collect(Collectors.toMap(name -> name, name -> name)));
  }

  /** An alert on a series that nobody exports would never fire, and nobody would know. */
  @Test
  void everythingThatAnAlertReadsIsThere() throws Exception {
    Map<String, String> read = new TreeMap<>();
    Monitoring.rules("alert")
        .forEach(
            (alert, expression) -> {
              Set<String> selectors = Monitoring.selectors(expression);
              assertFalse(selectors.isEmpty(), alert);
              selectors.forEach(selector -> read.put(alert + " reads " + selector, selector));
            });

    untilAllHaveData(read);
  }

  @Test
  void everyRuleIsEvaluatedWithoutAnError() throws Exception {
    int rules = Monitoring.ruleCount();
    Await.until("all are evaluated", () -> health().equals(Map.of("ok", (long) rules)));
  }

  @Test
  void allThatIsToBeSeenHasHappened() throws Exception {
    untilAllHaveData(
        EVENTS.stream()
            .collect(Collectors.toMap(event -> event, event -> "sum(" + event + ") > 0")));
  }

  /** The first of its kind: a counter that began at 1 would hide it from increase(). */
  @Test
  void aDeadLetterRaisesItsAlert() throws Exception {
    Await.until(
        "the alert fires",
        () ->
            prometheus
                .get("/api/v1/alerts")
                .at("/data/alerts")
                .valueStream()
                .anyMatch(
                    alert ->
                        alert.at("/labels/alertname").asText().equals("PolyptychDeadLetters")
                            && alert.at("/labels/code").asText().equals("ADAPTER_UNAVAILABLE")
                            && alert.path("state").asText().equals("firing")));
  }

  /** Prometheus renames a label of ours that the operator's relabelling has taken. */
  @Test
  void noLabelOfOursIsOneThatTheOperatorAdds() throws Exception {
    Await.until("all are seen", () -> prometheus.hasData("sum(up) == 3"));

    Set<String> renamed =
        prometheus
            .get("/api/v1/labels")
            .at("/data")
            .valueStream()
            .map(JsonNode::asText)
            .filter(label -> label.startsWith("exported_"))
            .collect(Collectors.toSet());

    assertEquals(Set.of(), renamed);
  }

  @Test
  void aSeriesThatNobodyExportsHasNoDataAndNothingOverNothingIsNone() {
    assertTrue(prometheus.hasData("vector(1)"));
    assertFalse(prometheus.hasData("polyptych_worker_wishes_total"));
    assertFalse(prometheus.hasData("vector(0) / 0"));
  }

  private static void untilAllHaveData(Map<String, String> queries) throws InterruptedException {
    Set<String> open = new TreeSet<>(queries.keySet());
    try {
      Await.until(
          "all have data",
          () -> {
            traffic.check();
            open.removeIf(name -> prometheus.hasData(queries.get(name)));
            return open.isEmpty();
          });
    } catch (AssertionError late) {
      throw new AssertionError("no data: " + String.join("\n", open), late);
    }
  }

  private static Map<String, Long> health() {
    return prometheus
        .get("/api/v1/rules")
        .at("/data/groups")
        .valueStream()
        .flatMap(group -> group.get("rules").valueStream())
        .collect(
            Collectors.groupingBy(rule -> rule.path("health").asText(), Collectors.counting()));
  }
}
