package dev.polyptych.worker.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.job.Lane;
import dev.polyptych.worker.metrics.WaitingMetrics.Job;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WaitingMetricsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final List<Job> waiting = new ArrayList<>();

  WaitingMetricsTest() {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    new WaitingMetrics(registry, () -> waiting, () -> 12.5, clock);
  }

  @Test
  void jobsAreCountedByLaneAndTaskAndTheOldestIsAged() {
    waiting.add(job(Lane.BATCH, "film-storyboard", 40));
    waiting.add(job(Lane.BATCH, "film-storyboard", 55));
    waiting.add(job(Lane.INTERACTIVE, "couple-profile", 3));

    assertEquals(
        Map.of("batch film-storyboard", 2.0, "interactive couple-profile", 1.0),
        values("waiting_jobs"));
    assertEquals(Map.of("batch", 55.0, "interactive", 3.0), values("oldest_waiting_seconds"));
    assertEquals(Map.of("", 2.0), values("waiting_adapters"));
    assertEquals(Map.of("", 12.5), values("outstanding_gpu_seconds"));
  }

  @Test
  void whereNothingWaitsNothingIsOld() {
    assertEquals(Map.of(), values("waiting_jobs"));
    assertEquals(Map.of("batch", 0.0, "interactive", 0.0), values("oldest_waiting_seconds"));
  }

  private Map<String, Double> values(String name) {
    Map<String, Double> values = new TreeMap<>();
    registry.scrape(metric -> metric.equals("polyptych_worker_" + name)).stream()
        .flatMap(found -> ((GaugeSnapshot) found).getDataPoints().stream())
        .forEach(point -> values.put(labels(point), point.getValue()));
    return values;
  }

  private static String labels(GaugeDataPointSnapshot point) {
    return String.join(" ", point.getLabels().stream().map(label -> label.getValue()).toList());
  }

  private static Job job(Lane lane, String task, int seconds) {
    return new Job(lane, task, task, NOW.minusSeconds(seconds));
  }
}
