package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.dispatcher.placement.Route;
import dev.polyptych.dispatcher.placement.Routes;
import dev.polyptych.dispatcher.placement.RoutesByBase;
import dev.polyptych.dispatcher.tenant.Allowance;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.LimitHit;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.IdempotencyKey;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.store.Verdict;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enqueues admitted jobs: takes the allowance, writes the job record, produces to Kafka, confirms.
 * Blocks; safe for any number of threads.
 *
 * <p>If the broker does not acknowledge, it is unknown whether it has the record. So the job is
 * abandoned in the store, atomically and only if no worker has claimed it. If that succeeds, a
 * record on Kafka is never rendered. If a worker was first, the job is taken, and the caller
 * receives that answer.
 */
public final class JobSubmission {
  private static final Logger LOG = LoggerFactory.getLogger(JobSubmission.class);

  private final JobStore store;
  private final ReferenceStore references;
  private final Allowance allowance;
  private final LaneWriter lanes;
  private final RoutesByBase routes;
  private final DispatcherMetrics metrics;
  private final Clock clock;

  public JobSubmission(
      JobStore store,
      ReferenceStore references,
      Allowance allowance,
      LaneWriter lanes,
      RoutesByBase routes,
      DispatcherMetrics metrics,
      Clock clock) {
    this.store = store;
    this.references = references;
    this.allowance = allowance;
    this.lanes = lanes;
    this.routes = routes;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Returns within a few seconds, even if broker or store do not answer.
   *
   * @param key under which the caller submitted it; stored for this job
   */
  public Submission submit(RenderJob job, SubmissionOrigin origin, Optional<IdempotencyKey> key)
      throws InterruptedException {
    Tenant tenant = origin.tenant();
    String base = job.pins().base();
    Routes fleet = routes.of(base);
    if (!lanes.ready(base)) {
      return notEnqueued(ErrorCode.BROKER_UNAVAILABLE);
    }
    NewJob accepted;
    Route route;
    try {
      List<FieldProblem> unknown = unknownReferences(tenant.id(), job.request());
      if (!unknown.isEmpty()) {
        return new Submission.Unfit(unknown);
      }
      int partitions = lanes.partitions(base, job.lane());
      Optional<Double> gpuSeconds = fleet.gpuSeconds(job);
      Optional<LimitHit> limit =
          allowance.take(job, tenant, origin.batch().isPresent(), gpuSeconds);
      if (limit.isPresent()) {
        return new Submission.Limited(limit.get());
      }
      route = fleet.route(job, gpuSeconds, partitions);
      accepted = new NewJob(job, tenant.id(), origin.batch(), key, route.forecast());
      if (store.accept(accepted) != Verdict.DONE) {
        return new Submission.IdTaken(job.id());
      }
    } catch (LaneUnavailableException away) {
      notAcknowledged(job, origin, away);
      return notEnqueued(ErrorCode.BROKER_UNAVAILABLE);
    } catch (StoreUnavailableException away) {
      LOG.atDebug()
          .addKeyValue("job", job.id())
          .addKeyValue("trace", origin.trace().traceId())
          .log("refused: {}", away.getMessage());
      return unwritten(job);
    }
    QueuePlace place;
    try {
      place = lanes.write(accepted, RecordVersion.FIRST, origin.trace(), route.partition());
    } catch (LaneUnavailableException away) {
      notAcknowledged(job, origin, away);
      return abandon(job);
    }
    fleet.written(job, place);
    return confirm(accepted, place);
  }

  private void notAcknowledged(
      RenderJob job, SubmissionOrigin origin, LaneUnavailableException away) {
    metrics.enqueueFailed();
    LOG.atWarn()
        .addKeyValue("job", job.id())
        .addKeyValue("trace", origin.trace().traceId())
        .log("the broker did not acknowledge: {}", away.getMessage());
  }

  /**
   * Redis may have written the record before its answer was lost. Without this call a sweep would
   * then produce the job.
   */
  private Submission unwritten(RenderJob job) {
    String detail = "the job store did not answer";
    try {
      if (store.abandon(job.id(), new JobError(ErrorCode.STORE_UNAVAILABLE, detail))
          == Verdict.UNKNOWN) {
        allowance.giveBack(job);
      }
      return notEnqueued(ErrorCode.STORE_UNAVAILABLE);
    } catch (StoreUnavailableException away) {
      return refused(
          ErrorCode.STORE_UNAVAILABLE,
          detail + "; should it have the job, it is rendered: see /v1/jobs/" + job.id());
    }
  }

  /** Renews the retention of known references, so that the job finds them. */
  private List<FieldProblem> unknownReferences(String tenant, JobRequest request) {
    List<FieldProblem> problems = new ArrayList<>();
    for (int i = 0; i < request.references().size(); i++) {
      if (!references.renew(tenant, request.references().get(i).key())) {
        problems.add(
            new FieldProblem(
                ErrorCode.UNKNOWN_REFERENCE,
                "references[" + i + "].key",
                "there is no such reference, or no longer; upload it with PUT /v1/references"));
      }
    }
    return problems;
  }

  private Submission abandon(RenderJob job) {
    String detail = "the broker did not acknowledge the job in time";
    try {
      return switch (store.abandon(job.id(), new JobError(ErrorCode.BROKER_UNAVAILABLE, detail))) {
        case DONE ->
            refused(
                ErrorCode.BROKER_UNAVAILABLE, detail + "; it will not be rendered; send it again");
        case CANCELLED, STALE ->
            store.status(job.id()).map(JobSubmission::taken).orElseGet(() -> uncertain(job));
        case UNKNOWN -> uncertain(job);
      };
    } catch (StoreUnavailableException away) {
      LOG.atWarn().addKeyValue("job", job.id()).log("can't be abandoned: {}", away.getMessage());
      return refused(
          ErrorCode.STORE_UNAVAILABLE,
          detail
              + " and the job store does not answer either; the job may be rendered later: see"
              + " /v1/jobs/"
              + job.id());
    }
  }

  /**
   * The broker has the job, so it will be rendered even if the store is unavailable now, or has
   * lost the job: its state is made anew from its record. An error would only make the caller send
   * it twice.
   */
  private Submission confirm(NewJob accepted, QueuePlace place) {
    RenderJob job = accepted.job();
    try {
      return store
          .queued(job.id(), place)
          .map(JobSubmission::taken)
          .orElseGet(() -> new Submission.Taken(accepted.queued(clock.instant())));
    } catch (StoreUnavailableException away) {
      LOG.atWarn()
          .addKeyValue("job", job.id())
          .log(
              "Kafka acknowledged the record, but Redis was not updated to 'queued': {}",
              away.getMessage());
      return new Submission.Taken(accepted.queued(clock.instant()));
    }
  }

  /** Another submission with the same key may have abandoned it. */
  private static Submission taken(JobStatus status) {
    return abandoned(status)
        ? refused(
            ErrorCode.BROKER_UNAVAILABLE,
            "it was abandoned before the broker acknowledged it; it will not be rendered; send it"
                + " again")
        : new Submission.Taken(status);
  }

  /** Whether it was abandoned because the broker did not acknowledge it in time. */
  static boolean abandoned(JobStatus status) {
    return status.state() == JobState.FAILED
        && status.attempt() == 0
        && status.error().filter(error -> error.code() == ErrorCode.BROKER_UNAVAILABLE).isPresent();
  }

  /** The store has lost the job, and the broker may have it. */
  private static Submission uncertain(RenderJob job) {
    return refused(
        ErrorCode.STORE_UNAVAILABLE,
        "the broker did not acknowledge the job in time, and the job store has lost it; it may be"
            + " rendered later: see /v1/jobs/"
            + job.id());
  }

  private static Submission notEnqueued(ErrorCode code) {
    return refused(code, "the job was not enqueued; send it again");
  }

  private static Submission refused(ErrorCode code, String detail) {
    return new Submission.Refused(code, detail);
  }
}
