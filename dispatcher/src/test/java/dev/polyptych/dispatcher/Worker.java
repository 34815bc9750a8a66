package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.store.Claim;
import dev.polyptych.store.Claimant;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.RenderedSet;
import dev.polyptych.store.Verdict;
import java.util.List;

/** What a worker does to the job store, without rendering anything. */
public final class Worker {
  private Worker() {}

  /** Returns the attempt. */
  public static int claims(JobStore store, String id) {
    return ((Claim.Granted) store.claim(id, Claimant.of("w-1"))).attempt();
  }

  public static void renders(JobStore store, String id) {
    finishes(store, id, claims(store, id));
  }

  public static void finishes(JobStore store, String id, int attempt) {
    List<byte[]> panels = List.of("panel one".getBytes(UTF_8), "panel two".getBytes(UTF_8));
    Verdict verdict =
        store.finish(id, attempt, new RenderedSet("the sheet".getBytes(UTF_8), panels));
    if (verdict != Verdict.DONE) {
      throw new AssertionError("finish was " + verdict);
    }
  }
}
