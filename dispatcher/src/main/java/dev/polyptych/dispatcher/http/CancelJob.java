package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.store.JobStore;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** {@code DELETE /v1/jobs/{id}}. */
final class CancelJob implements OperationHandler {
  private final JobStore store;
  private final LoopCalls calls;
  private final DispatcherMetrics metrics;

  CancelJob(JobStore store, LoopCalls calls, DispatcherMetrics metrics) {
    this.store = store;
    this.calls = calls;
    this.metrics = metrics;
  }

  @Override
  public String operationId() {
    return "cancelJob";
  }

  @Override
  public void handle(RoutingContext routing) {
    String id = routing.pathParam("id");
    String tenant = Callers.tenantId(routing);
    calls
        .call(() -> cancelled(id, tenant))
        .onSuccess(found -> answer(routing, id, found))
        .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
  }

  /** The status after cancelling, which changes nothing for a settled job. */
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
}
