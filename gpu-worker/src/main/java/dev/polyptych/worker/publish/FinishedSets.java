package dev.polyptych.worker.publish;

import dev.polyptych.engine.sheet.PanelCutter;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.job.ImageFormat;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.RenderedSet;
import dev.polyptych.store.Verdict;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.metrics.PublishMetrics;
import dev.polyptych.worker.receipt.Receipts;
import dev.polyptych.worker.trace.JobLog;
import dev.polyptych.worker.trace.JobSpans;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cuts, encodes and stores a drawn sheet. Blocks: virtual threads only. */
final class FinishedSets {
  private static final Logger LOG = LoggerFactory.getLogger(FinishedSets.class);

  private final JobStore store;
  private final Receipts receipts;
  private final RetryUntilStopped perseverance;
  private final JobSpans spans;
  private final RecordAcknowledger settlements;
  private final PublishMetrics metrics;
  private final Clock clock;

  FinishedSets(
      Publishing.Backends backends,
      RetryUntilStopped perseverance,
      RecordAcknowledger settlements,
      PublishMetrics metrics,
      Clock clock) {
    this.store = backends.store();
    this.receipts = backends.receipts();
    this.spans = backends.spans();
    this.perseverance = perseverance;
    this.settlements = settlements;
    this.metrics = metrics;
    this.clock = clock;
  }

  void publish(Delivery delivery, int attempt, DrawnSheet sheet) {
    RenderedSet images = spans.step("encode", () -> images(delivery, attempt, sheet));
    long begin = System.nanoTime();
    Optional<Verdict> verdict = spans.step("publish", () -> finish(delivery.id(), attempt, images));
    metrics.stored(System.nanoTime() - begin);
    if (verdict.isEmpty()) {
      settlements.dropped(delivery.place());
      return;
    }
    count(delivery, attempt, verdict.get());
    settlements.finished(delivery.place());
  }

  private Optional<Verdict> finish(String id, int attempt, RenderedSet images) {
    return perseverance.call("publishing " + id, () -> store.finish(id, attempt, images));
  }

  private RenderedSet images(Delivery delivery, int attempt, DrawnSheet sheet) {
    long begin = System.nanoTime();
    ImageFormat format = delivery.job().format();
    List<SheetPixels> panels = PanelCutter.cut(sheet.pixels(), delivery.job().layout());
    // Somebody waits for them, and most processors have nothing to do between two sheets.
    List<byte[]> files =
        Stream.concat(Stream.of(sheet.pixels()), panels.stream())
            .parallel()
            .map(pixels -> ImageEncoder.encode(pixels, format))
            .toList();
    metrics.encoded(System.nanoTime() - begin);
    return new RenderedSet(
        files.getFirst(), files.subList(1, files.size()), receipt(delivery, attempt, sheet));
  }

  private Optional<byte[]> receipt(Delivery delivery, int attempt, DrawnSheet sheet) {
    return sheet
        .provenance()
        .flatMap(
            provenance ->
                receipts.of(delivery.job(), delivery.record().request(), attempt, provenance));
  }

  /** A retry of a finish whose answer was lost finds the job settled, by us: seen as stale. */
  private void count(Delivery delivery, int attempt, Verdict verdict) {
    switch (verdict) {
      case DONE -> {
        Duration age = Duration.between(delivery.arrivedAt(), clock.instant());
        metrics.published(delivery.job(), age);
        JobLog.about(LOG.atInfo(), delivery.id())
            .addKeyValue("task", delivery.job().task())
            .addKeyValue("adapter", delivery.adapter())
            .addKeyValue("lane", delivery.lane().text())
            .addKeyValue("tenant", delivery.record().tenant())
            .addKeyValue("attempt", attempt)
            .addKeyValue("millis", age.toMillis())
            .log("done");
      }
      case STALE, UNKNOWN -> {
        metrics.staleFinish();
        JobLog.about(LOG.atInfo(), delivery.id())
            .addKeyValue("attempt", attempt)
            .log("no longer ours when its images were ready");
      }
    }
  }
}
