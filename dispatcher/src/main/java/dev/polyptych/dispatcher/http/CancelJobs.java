package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.job.BatchCancellation;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.store.JobListing;
import dev.polyptych.store.JobStore;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/**
 * {@code DELETE /v1/jobs/{id}}, {@code DELETE /v1/batches/{batch}} and its older form {@code DELETE
 * /v1/jobs?batch=}.
 */
public final class CancelJobs {
  private static final String BATCH = "batch";
  private static final int CHUNK = 500;

  private final JobStore store;
  private final JobListing listing;
  private final BoundedCalls calls;
  private final DispatcherMetrics metrics;

  public CancelJobs(
      JobStore store, JobListing listing, BoundedCalls calls, DispatcherMetrics metrics) {
    this.store = store;
    this.listing = listing;
    this.calls = calls;
    this.metrics = metrics;
  }

  public List<ApiOperation> operations() {
    return List.of(
        new ApiOperation("cancelJob", this::cancelOne),
        new ApiOperation("cancelJobs", this::cancelJobsOfBatch),
        new ApiOperation(
            "cancelBatch",
            routing -> BatchPath.of(routing).ifPresent(batch -> cancelBatch(routing, batch))));
  }

  private void cancelOne(RoutingContext routing) {
    String id = routing.pathParam("id");
    String tenant = Gate.tenant(routing).id();
    calls.answer(routing, () -> cancelled(id, tenant), found -> answer(routing, id, found));
  }

  /** The status after the cancel. A settled job does not change. */
  private Optional<JobStatus> cancelled(String id, String tenant) {
    return switch (store.cancel(id, tenant)) {
      case DONE -> {
        metrics.cancelled();
        yield store.status(id);
      }
      case CANCELLED, STALE -> store.status(id);
      case UNKNOWN -> Optional.empty();
    };
  }

  private static void answer(RoutingContext routing, String id, Optional<JobStatus> found) {
    if (found.isEmpty()) {
      Answer.unknownJob(routing, id);
    } else if (found.get().state() == JobState.CANCELLED) {
      Answer.json(routing, 200, found.get());
    } else {
      Answer.problem(
          routing,
          ErrorCode.ALREADY_SETTLED,
          "job %s is %s, so there is nothing to cancel".formatted(id, found.get().state().text()));
    }
  }

  private void cancelJobsOfBatch(RoutingContext routing) {
    Query query = new Query(routing.queryParams(), List.of(BATCH));
    String batch = query.text(BATCH).orElse("");
    if (!JobId.valid(batch)) {
      query.invalid(
          BATCH, "must be given: the id of the batch, 1 to 64 letters, digits, '-' or '_'");
    }
    if (!query.problems().isEmpty()) {
      Answer.problem(routing, Problem.of(query.problems()));
      return;
    }
    cancelBatch(routing, batch);
  }

  private void cancelBatch(RoutingContext routing, String batch) {
    String tenant = Gate.tenant(routing).id();
    calls.answer(
        routing,
        () -> cancelledBatch(tenant, batch),
        outcome ->
            outcome.ifPresentOrElse(
                counts -> Answer.json(routing, 200, counts),
                () -> Answer.unknownBatch(routing, batch)));
  }

  private Optional<BatchCancellation> cancelledBatch(String tenant, String batch) {
    int cancelled = 0;
    int settled = 0;
    List<String> ids = listing.batch(tenant, batch, "", CHUNK);
    boolean known = !ids.isEmpty();
    while (!ids.isEmpty()) {
      for (String id : ids) {
        Optional<JobState> ended = end(tenant, id);
        cancelled += ended.filter(JobState.CANCELLED::equals).isPresent() ? 1 : 0;
        settled += ended.filter(state -> state != JobState.CANCELLED).isPresent() ? 1 : 0;
      }
      ids = listing.batch(tenant, batch, ids.getLast(), CHUNK);
    }
    return known
        ? Optional.of(new BatchCancellation(1, batch, cancelled, settled))
        : Optional.empty();
  }

  /** Cancels the job if it is open. Returns its terminal state; empty if it has no record. */
  private Optional<JobState> end(String tenant, String id) {
    return switch (store.cancel(id, tenant)) {
      case DONE -> {
        metrics.cancelled();
        yield Optional.of(JobState.CANCELLED);
      }
      case CANCELLED -> Optional.of(JobState.CANCELLED);
      case STALE -> store.status(id).map(JobStatus::state);
      case UNKNOWN -> Optional.empty();
    };
  }
}
