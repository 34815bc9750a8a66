package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.Callback;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Outcome;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.Tombstones;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Function;

/** Finds a job's callback and says exactly why when there is none. */
final class CallbackFinder {
  private final JobStore store;
  private final Tombstones tombstones;

  CallbackFinder(JobStore store, Tombstones tombstones) {
    this.store = store;
    this.tombstones = tombstones;
  }

  /** What was found. */
  sealed interface Found {
    record Kept(Callback callback) implements Found {}

    record None(JobStatus job) implements Found {}

    record Gone(Outcome outcome) implements Found {}

    record Unknown() implements Found {}
  }

  /**
   * Blocks.
   *
   * @param callback asked for the callback of a job whose record is kept
   */
  Found find(String tenant, String job, Function<String, Optional<Callback>> callback) {
    Optional<JobStatus> status = store.status(job, tenant);
    if (status.isEmpty()) {
      return tombstones
          .outcome(job, tenant)
          .<Found>map(Found.Gone::new)
          .orElseGet(Found.Unknown::new);
    }
    return callback
        .apply(job)
        .<Found>map(Found.Kept::new)
        .orElseGet(() -> new Found.None(status.get()));
  }

  static void answer(RoutingContext routing, String job, int status, Found found) {
    switch (found) {
      case Found.Kept(Callback callback) -> Answer.json(routing, status, callback);
      case Found.None(JobStatus open) -> none(routing, open);
      case Found.Gone(Outcome outcome) -> Answer.gone(routing, job, outcome);
      case Found.Unknown() -> Answer.unknownJob(routing, job);
    }
  }

  private static void none(RoutingContext routing, JobStatus job) {
    String why =
        job.state().terminal() ? "it named no callbackUrl" : "a callback is due when it settles";
    Answer.problem(
        routing,
        ErrorCode.UNKNOWN_CALLBACK,
        "job %s is %s; %s".formatted(job.id(), job.state().text(), why));
  }
}
