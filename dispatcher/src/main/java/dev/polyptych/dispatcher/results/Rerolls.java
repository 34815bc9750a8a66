package dev.polyptych.dispatcher.results;

import dev.polyptych.dispatcher.metrics.TenantMetrics;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.catalog.TextReading;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Reference;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.Shelving;
import dev.polyptych.store.StoredRequests;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    if (shelf.panel(job, tenant.id(), panel) instanceof ImageResult.Absent(var code, var detail)) {
      return new Reroll.Refused(code, detail);
    }
    JobStatus status = jobs.status(job).orElseThrow();
    List<Reference> kept = new ArrayList<>();
    for (int other = 1; other <= status.panels(); other++) {
      if (other != panel) {
        Optional<Reroll> obstacle = keep(job, tenant, other, kept);
        if (obstacle.isPresent()) {
          return obstacle.get();
        }
      }
    }
    JobRequest old = requests.find(job).orElseThrow().request();
    JobRequest again = old.reroll(job, texts(old, panel, wish), wish.seed(), kept);
    // The caller accepted a cut once, and a panel's new text can't take it back.
    boolean truncated = status.text().filter(TextReading::truncated).isPresent();
    return new Reroll.Ready(again.truncating(truncated));
  }

  /** Turns a panel into a reference. Returns the obstacle, if there is one. */
  private Optional<Reroll> keep(String job, Tenant tenant, int panel, List<Reference> kept) {
    return switch (shelf.panel(job, tenant.id(), panel)) {
      case ImageResult.Absent(var code, var detail) ->
          Optional.of(new Reroll.Refused(code, detail));
      case ImageResult.Found found ->
          switch (references.put(tenant.id(), found.bytes(), tenant.quotas().referenceBytes())) {
            case Shelving.Full(var limit) -> {
              metrics.limited(tenant.id(), limit.name());
              yield Optional.of(new Reroll.Limited(limit));
            }
            case Shelving.Kept(var key) -> {
              kept.add(new Reference(panel, key));
              yield Optional.empty();
            }
          };
    };
  }

  private static List<String> texts(JobRequest old, int panel, Reroll.Wish wish) {
    List<String> texts = new ArrayList<>(old.panels());
    wish.prompt().ifPresent(text -> texts.set(panel - 1, text));
    return texts;
  }
}
