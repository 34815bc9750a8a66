package dev.polyptych.dispatcher.results;

import dev.polyptych.dispatcher.metrics.TenantMetrics;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.catalog.TextReading;
import dev.polyptych.schema.error.Limit;
import dev.polyptych.schema.error.LimitHit;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Pins;
import dev.polyptych.schema.job.Reference;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.Shelving;
import dev.polyptych.store.StoredRequests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Builds the request that draws one panel again and keeps the others. Blocks. */
public final class Rerolls {
  private final JobStore jobs;
  private final StoredRequests requests;
  private final ReferenceStore references;
  private final ImageShelf shelf;
  private final TenantMetrics metrics;

  public Rerolls(
      JobStore jobs,
      ImageShelf shelf,
      StoredRequests requests,
      ReferenceStore references,
      TenantMetrics metrics) {
    this.metrics = metrics;
    this.jobs = jobs;
    this.shelf = shelf;
    this.requests = requests;
    this.references = references;
  }

  /**
   * @param tenant the caller; jobs of other tenants are unknown to it
   * @param panel as requested; may be out of range
   */
  public Reroll of(String job, Tenant tenant, int panel, Reroll.Wish wish) {
    // Same errors as reading the panel: an unknown job, a wrong panel, or a job that is not done.
    if (shelf.panel(job, tenant.id(), panel, ImageShelf.Way.BYTES)
        instanceof ImageResult.Absent(var code, var detail)) {
      return new Reroll.Refused(code, detail);
    }
    JobStatus status = jobs.status(job).orElseThrow();
    SortedMap<Integer, byte[]> others = new TreeMap<>();
    for (int other = 1; other <= status.panels(); other++) {
      if (other != panel) {
        switch (shelf.panel(job, tenant.id(), other, ImageShelf.Way.BYTES)) {
          case ImageResult.Absent(var code, var detail) -> {
            return new Reroll.Refused(code, detail);
          }
          case ImageResult.Found found -> others.put(other, found.bytes());
          case ImageResult.Opened _, ImageResult.Linked _ ->
              throw new IllegalStateException("bytes were asked for");
        }
      }
    }
    List<Reference> kept = new ArrayList<>();
    Optional<LimitHit> limit = keep(tenant, others, kept);
    if (limit.isPresent()) {
      metrics.limited(tenant.id(), limit.get().name());
      return new Reroll.Limited(limit.get());
    }
    RenderRecord record = requests.find(job).orElseThrow();
    JobRequest old = record.request();
    JobRequest again =
        old.reroll(job, texts(old, panel, wish), wish.seed(), kept)
            .steering(record.pins().flatMap(Pins::reference));
    // The caller accepted a cut once, and a panel's new text can't take it back.
    boolean truncated = status.text().filter(TextReading::truncated).isPresent();
    return new Reroll.Ready(again.truncating(truncated));
  }

  /** Turns panels into references. Returns the limit, if there is one. */
  private Optional<LimitHit> keep(
      Tenant tenant, SortedMap<Integer, byte[]> panels, List<Reference> kept) {
    OptionalLong allowed = tenant.quotas().referenceBytes();
    long together = panels.values().stream().mapToLong(bytes -> bytes.length).sum();
    if (together > allowed.orElse(Long.MAX_VALUE)) {
      return Optional.of(
          LimitHit.never(Limit.REFERENCE_BYTES, (double) allowed.getAsLong(), (double) together));
    }
    for (Map.Entry<Integer, byte[]> panel : panels.entrySet()) {
      switch (references.put(tenant.id(), panel.getValue(), allowed)) {
        case Shelving.Full(var limit) -> {
          return Optional.of(limit);
        }
        case Shelving.Kept(var key) -> kept.add(new Reference(panel.getKey(), key));
      }
    }
    return Optional.empty();
  }

  private static List<String> texts(JobRequest old, int panel, Reroll.Wish wish) {
    List<String> texts = new ArrayList<>(old.panels());
    wish.prompt().ifPresent(text -> texts.set(panel - 1, text));
    return texts;
  }
}
