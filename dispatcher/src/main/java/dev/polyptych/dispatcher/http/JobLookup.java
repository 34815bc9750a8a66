package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Outcome;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.Tombstones;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Finds the caller's job for an operation that reads of it. If the job's record no longer exists,
 * or never did, it answers the request itself.
 */
public final class JobLookup {
  private final JobStore store;
  private final Tombstones tombstones;
  private final BoundedCalls calls;

  public JobLookup(JobStore store, Tombstones tombstones, BoundedCalls calls) {
    this.store = store;
    this.tombstones = tombstones;
    this.calls = calls;
  }

  private sealed interface Found<T> {
    record Kept<T>(T what) implements Found<T> {}

    record Gone<T>(Outcome outcome) implements Found<T> {}

    record Unknown<T>() implements Found<T> {}
  }

  /**
   * @param read reads what the answer is made of; may block
   * @param answer answers the request
   */
  <T> void read(
      RoutingContext routing, String job, Function<JobStatus, T> read, Consumer<T> answer) {
    String tenant = Gate.tenant(routing).id();
    calls.answer(
        routing,
        () -> find(tenant, job, read),
        found -> {
          switch (found) {
            case Found.Kept<T>(T what) -> answer.accept(what);
            case Found.Gone<T>(Outcome outcome) -> Answer.gone(routing, job, outcome);
            case Found.Unknown<T>() -> Answer.unknownJob(routing, job);
          }
        });
  }

  private <T> Found<T> find(String tenant, String job, Function<JobStatus, T> read) {
    return store
        .status(job, tenant)
        .<Found<T>>map(status -> new Found.Kept<>(read.apply(status)))
        .or(() -> tombstones.outcome(job, tenant).map(Found.Gone::new))
        .orElseGet(Found.Unknown::new);
  }
}
