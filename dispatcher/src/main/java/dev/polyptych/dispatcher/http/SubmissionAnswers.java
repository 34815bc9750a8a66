package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.enqueue.Submission;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.job.JobStatus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers single submissions, re-rolls included: waits if the caller prefers it, and counts. */
public final class SubmissionAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(SubmissionAnswers.class);

  private final SettleWaits waits;
  private final DispatcherMetrics metrics;

  public SubmissionAnswers(SettleWaits waits, DispatcherMetrics metrics) {
    this.waits = waits;
    this.metrics = metrics;
  }

  void answer(RoutingContext routing, SubmitHead head, Submission submission, long startedNanos) {
    switch (submission) {
      case Submission.Taken(JobStatus status) -> {
        metrics.admitted(Duration.ofNanos(System.nanoTime() - startedNanos));
        LOG.atInfo()
            .addKeyValue("job", status.id())
            .addKeyValue("trace", head.trace().traceId())
            .addKeyValue("task", status.task())
            .addKeyValue("lane", status.lane().text())
            .addKeyValue("tenant", status.tenant())
            .log("taken");
        accepted(routing, head, status);
      }
      case Submission.Replayed(JobStatus status) -> {
        routing.response().putHeader("Idempotent-Replayed", "true");
        accepted(routing, head, status);
      }
      case Submission.Unfit(var problems) -> refuse(routing, Problem.of(problems));
      case Submission.Limited(var limit) -> refuse(routing, Problem.of(limit));
      case Submission.Refused refused -> refuse(routing, refused.problem());
      case Submission.IdTaken(String id) ->
          throw new IllegalStateException("the id " + id + " is taken");
    }
  }

  private void accepted(RoutingContext routing, SubmitHead head, JobStatus status) {
    routing.response().putHeader(HttpHeaders.LOCATION, "/v1/jobs/" + status.id());
    if (head.waitSeconds().isEmpty()) {
      Answer.json(routing, 202, status);
      return;
    }
    int seconds = head.waitSeconds().getAsInt();
    routing.response().putHeader("Preference-Applied", "wait=" + seconds);
    waits
        .settled(routing, status, seconds)
        .onSuccess(latest -> Answer.json(routing, latest.state().terminal() ? 200 : 202, latest));
  }

  void refuse(RoutingContext routing, Problem problem) {
    metrics.refused(problem.code());
    Answer.problem(routing, problem);
  }

  /** Refuses the request before the whole body has been read. */
  void refuseUnread(RoutingContext routing, Problem problem) {
    metrics.refused(problem.code());
    JobBody.refuseUnread(routing, problem);
  }
}
