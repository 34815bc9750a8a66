package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Outcome;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.Tombstones;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;

/** Finds the job that a request names, or answers why there is none. */
final class JobLookup {
  private final JobStore store;
  private final Tombstones tombstones;
  private final LoopCalls calls;

  JobLookup(JobStore store, Tombstones tombstones, LoopCalls calls) {
    this.store = store;
    this.tombstones = tombstones;
    this.calls = calls;
  }

  private sealed interface Found {
    record Kept(JobStatus status) implements Found {}

    record Gone(Outcome outcome) implements Found {}

    record Unknown() implements Found {}
  }

  /**
   * @param answer to a job whose record is kept; called on the event loop
   */
  void find(RoutingContext routing, Consumer<JobStatus> answer) {
    String id = routing.pathParam("id");
    String tenant = Callers.tenantId(routing);
    Future<Found> found = calls.call(() -> find(id, tenant));
    found
        .onSuccess(
            known -> {
              switch (known) {
                case Found.Kept(JobStatus status) -> answer.accept(status);
                case Found.Gone(Outcome outcome) -> Answer.gone(routing, id, outcome);
                case Found.Unknown() -> Answer.unknownJob(routing, id);
              }
            })
        .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
  }

  private Found find(String id, String tenant) {
    return store
        .status(id, tenant)
        .<Found>map(Found.Kept::new)
        .or(() -> tombstones.outcome(id, tenant).map(Found.Gone::new))
        .orElseGet(Found.Unknown::new);
  }
}
