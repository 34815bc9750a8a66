package dev.polyptych.worker.publish;

import dev.polyptych.engine.sheet.PanelCutter;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.job.ImageFormat;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.RenderedSet;
import dev.polyptych.store.ResultLocation;
import dev.polyptych.store.ResultObjects;
import dev.polyptych.store.Verdict;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.metrics.PublishMetrics;
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
  private final UnknownJobs unknownJobs;
  private final Optional<ResultObjects> objects;
  private final Receipts receipts;
  private final RetryUntilStopped retry;
  private final PublishMetrics metrics;
  private final JobSpans spans;
  private final Clock clock;

  /**
   * @param objects where images go; empty for Redis
   */
  FinishedSets(
      JobStore store,
      UnknownJobs unknownJobs,
      Optional<ResultObjects> objects,
      Receipts receipts,
      RetryUntilStopped retry,
      PublishMetrics metrics,
      JobSpans spans,
      Clock clock) {
    this.store = store;
    this.unknownJobs = unknownJobs;
    this.objects = objects;
    this.receipts = receipts;
    this.retry = retry;
    this.metrics = metrics;
    this.spans = spans;
    this.clock = clock;
  }

  /** Whether the record needs no more work; false when the worker stopped before it was stored. */
  boolean publish(Delivery delivery, int attempt, DrawnSheet sheet) {
    RenderedSet images = spans.step("encode", () -> images(delivery, attempt, sheet));
    long begin = System.nanoTime();
    Optional<Verdict> verdict = spans.step("publish", () -> finish(delivery, attempt, images));
    metrics.stored(System.nanoTime() - begin);
    verdict.ifPresent(answer -> count(delivery, attempt, answer));
    return verdict.isPresent();
  }

  private Optional<Verdict> finish(Delivery delivery, int attempt, RenderedSet images) {
    Optional<Verdict> verdict = store(delivery, attempt, images);
    if (verdict.filter(Verdict.UNKNOWN::equals).isEmpty()) {
      return verdict;
    }
    Optional<Optional<Integer>> again =
        retry.call("taking up " + delivery.id(), () -> unknownJobs.takeAgain(delivery));
    return again.flatMap(
        claimed -> claimed.isPresent() ? store(delivery, claimed.get(), images) : verdict);
  }

  private Optional<Verdict> store(Delivery delivery, int attempt, RenderedSet images) {
    String id = delivery.id();
    return objects.isEmpty()
        ? retry.call("publishing " + id, () -> store.finish(id, attempt, images))
        : upload(objects.get(), delivery, attempt, images)
            .flatMap(
                location ->
                    retry.call(
                        "publishing " + id,
                        () -> store.finish(id, attempt, location, images.receipt())));
  }

  private Optional<ResultLocation> upload(
      ResultObjects to, Delivery delivery, int attempt, RenderedSet images) {
    return retry.call(
        "uploading the images of " + delivery.id(),
        () ->
            to.put(
                delivery.record().tenant(),
                delivery.id(),
                attempt,
                delivery.job().format(),
                images,
                clock.instant()));
  }

  private RenderedSet images(Delivery delivery, int attempt, DrawnSheet sheet) {
    long begin = System.nanoTime();
    ImageFormat format = delivery.job().format();
    List<SheetPixels> panels = PanelCutter.cut(sheet.pixels(), delivery.job().layout());
    // In parallel: a caller waits for them, and most cores are idle between two sheets.
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
        .flatMap(provenance -> receipts.of(delivery.job(), attempt, provenance));
  }

  /**
   * If the answer to a finish was lost, the retry finds the job done by this very attempt. The
   * store calls that stale, too.
   */
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
      case CANCELLED -> unwanted(delivery, attempt, "cancelled before its images were ready");
      case STALE, UNKNOWN ->
          unwanted(delivery, attempt, "no longer ours when its images were ready");
    }
  }

  private void unwanted(Delivery delivery, int attempt, String message) {
    metrics.staleFinish();
    JobLog.about(LOG.atInfo(), delivery.id()).addKeyValue("attempt", attempt).log(message);
  }
}
