package dev.polyptych.dispatcher.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.topic.LaneHead;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class QueueAgeMetricsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  @Test
  void theOldestOfALaneAndTaskCountsAndWhatTheCatalogDoesNotKnowIsOther() {
    List<LaneHead> heads =
        List.of(
            new LaneHead("tiny", Lane.INTERACTIVE, "font-design", NOW.minusSeconds(5)),
            new LaneHead("tiny", Lane.INTERACTIVE, "font-design", NOW.minusSeconds(90)),
            new LaneHead("tiny", Lane.BATCH, "of-a-newer-catalog", NOW.minusSeconds(7)),
            new LaneHead("tiny", Lane.BATCH, "font-design", NOW.plusSeconds(60)),
            new LaneHead("other", Lane.BATCH, "font-design", NOW.minusSeconds(3)));

    Map<String, Double> ages = exported(Optional.of(heads));

    assertEquals(
        Map.of(
            "tiny interactive font-design", 90.0,
            "tiny interactive film-storyboard", 0.0,
            "tiny batch font-design", 0.0,
            "tiny batch film-storyboard", 0.0,
            "tiny batch other", 7.0,
            "other batch other", 3.0),
        ages);
  }

  @Test
  void whatCantBeSeenIsNotExported() {
    assertEquals(Map.of(), exported(Optional.empty()));
  }

  private static Map<String, Double> exported(Optional<List<LaneHead>> heads) {
    PrometheusRegistry registry = new PrometheusRegistry();
    Catalog tiny = CatalogFile.builtIn("tiny");
    Catalog two =
        tiny.withTasks(
            tiny.tasks().stream()
                .filter(task -> List.of("font-design", "film-storyboard").contains(task.id()))
                .toList());
    new QueueAgeMetrics(two, Clock.fixed(NOW, ZoneOffset.UTC)).watch(registry, () -> heads);
    return registry.scrape().stream()
        .flatMap(metric -> ((GaugeSnapshot) metric).getDataPoints().stream())
        .collect(
            Collectors.toMap(
                point ->
                    Stream.of("base", "lane", "task")
                        .map(point.getLabels()::get)
                        .collect(Collectors.joining(" ")),
                GaugeSnapshot.GaugeDataPointSnapshot::getValue));
  }
}
