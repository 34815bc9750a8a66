package dev.polyptych.dispatcher.results;

import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Reference;
import dev.polyptych.schema.store.JobStore;
import dev.polyptych.schema.store.ReferenceStore;
import dev.polyptych.schema.store.StoredRequests;
import java.util.ArrayList;
import java.util.List;

/** Makes the request that draws one panel anew and keeps the others. Blocks. */
public final class Rerolls {
  private final JobStore jobs;
  private final StoredRequests requests;
  private final ReferenceStore references;
  private final ImageShelf shelf;

  public Rerolls(JobStore jobs, StoredRequests requests, ReferenceStore references) {
    this.jobs = jobs;
    this.requests = requests;
    this.references = references;
    this.shelf = new ImageShelf(jobs);
  }

  /**
   * @param tenant who asks; another one's job is unknown to it
   * @param panel as asked for; may be out of range
   */
  public Reroll of(String job, String tenant, int panel, Reroll.Wish wish) {
    // Says of an unknown job, a wrong panel and a job that is not done what reading the panel says.
    if (shelf.panel(job, tenant, panel) instanceof ImageResult.Absent(var code, var detail)) {
      return new Reroll.Refused(code, detail);
    }
    JobStatus status = jobs.status(job).orElseThrow();
    List<Reference> kept = new ArrayList<>();
    for (int other = 1; other <= status.panels(); other++) {
      if (other != panel) {
        switch (shelf.panel(job, tenant, other)) {
          case ImageResult.Absent(var code, var detail) -> {
            return new Reroll.Refused(code, detail);
          }
          case ImageResult.Found found ->
              kept.add(new Reference(other, references.put(tenant, found.bytes())));
        }
      }
    }
    JobRequest old = requests.find(job).orElseThrow();
    return new Reroll.Ready(old.reroll(job, texts(old, panel, wish), wish.seed(), kept));
  }

  private static List<String> texts(JobRequest old, int panel, Reroll.Wish wish) {
    List<String> texts = new ArrayList<>(old.panels());
    wish.prompt().ifPresent(text -> texts.set(panel - 1, text));
    return texts;
  }
}
