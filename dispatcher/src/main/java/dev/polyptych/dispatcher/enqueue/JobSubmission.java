package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.dispatcher.admission.AdmittedJob;
import dev.polyptych.dispatcher.estimate.Estimates;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.dispatcher.tenant.Allowance;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.LimitHit;
import dev.polyptych.schema.job.Forecast;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.TraceParent;
import dev.polyptych.store.JobStore;
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
 * Takes admitted jobs in: finds room, writes the record, produces, confirms. Blocks; safe for any
 * number of threads.
 *
 * <p>When the broker does not acknowledge, nobody knows whether it has the record. So the job is
 * abandoned in the store, atomically and only while nobody has claimed it: either that succeeds,
 * and whatever is on Kafka is never rendered, or a worker was there first, and then the job is in
 * fact taken and the caller hears that.
 */
public final class JobSubmission {
  private static final Logger LOG = LoggerFactory.getLogger(JobSubmission.class);

  private final JobStore store;
  private final ReferenceStore references;
  private final Allowance allowance;
  private final LaneWriter lanes;
  private final Estimates estimates;
  private final DispatcherMetrics metrics;
  private final Clock clock;

  /** What the store keeps of jobs. */
  public record Stores(JobStore jobs, ReferenceStore references, Allowance allowance) {}

  public JobSubmission(
      Stores stores,
      LaneWriter lanes,
      Estimates estimates,
      DispatcherMetrics metrics,
      Clock clock) {
    this.store = stores.jobs();
    this.references = stores.references();
    this.allowance = stores.allowance();
    this.lanes = lanes;
    this.estimates = estimates;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Returns within a few seconds whatever broker and store do. */
  public Submission submit(AdmittedJob admitted, Tenant tenant, TraceParent trace)
      throws InterruptedException {
    RenderJob job = admitted.job();
    if (!lanes.ready()) {
      return refused(ErrorCode.BROKER_UNAVAILABLE, "the job was not enqueued; send it again");
    }
    try {
      List<FieldProblem> unknown = unknownReferences(tenant.id(), admitted.request());
      if (!unknown.isEmpty()) {
        return new Submission.Unfit(unknown);
      }
      Forecast forecast = estimates.of(job);
      Optional<LimitHit> limit = allowance.take(job, tenant, forecast.gpuSeconds());
      if (limit.isPresent()) {
        return new Submission.Limited(limit.get());
      }
      if (accept(admitted, tenant, forecast) != Verdict.DONE) {
        return new Submission.IdTaken(job.id());
      }
    } catch (StoreUnavailableException away) {
      LOG.atDebug()
          .addKeyValue("job", job.id())
          .addKeyValue("trace", trace.traceId())
          .log("refused: {}", away.getMessage());
      return unwritten(job);
    }
    QueuePlace place;
    try {
      place = lanes.write(admitted, tenant.id(), trace);
    } catch (BrokerUnavailableException away) {
      metrics.enqueueFailed();
      LOG.atWarn()
          .addKeyValue("job", job.id())
          .addKeyValue("trace", trace.traceId())
          .log("the broker did not acknowledge: {}", away.getMessage());
      return abandon(job);
    }
    estimates.written(job, place);
    return confirm(admitted, tenant, place);
  }

  private Verdict accept(AdmittedJob admitted, Tenant tenant, Forecast forecast) {
    return store.accept(
        admitted.job(), tenant.id(), admitted.request(), admitted.batch(), forecast);
  }

  /** Redis may have written the record before its answer was lost; then a sweep would find it. */
  private Submission unwritten(RenderJob job) {
    String detail = "the job store did not answer";
    try {
      if (store.abandon(job.id(), new JobError(ErrorCode.STORE_UNAVAILABLE, detail))
          == Verdict.UNKNOWN) {
        allowance.giveBack(job);
      }
      return refused(ErrorCode.STORE_UNAVAILABLE, "the job was not enqueued; send it again");
    } catch (StoreUnavailableException away) {
      return refused(
          ErrorCode.STORE_UNAVAILABLE,
          detail + "; should it have the job, it is rendered: see /v1/jobs/" + job.id());
    }
  }

  /** Those that are known are kept for as long again, so that the job finds them. */
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
            store.status(job.id()).map(JobSubmission::taken).orElseGet(() -> forgotten(job));
        case UNKNOWN -> forgotten(job);
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
   * The broker has the job, so it will be rendered whatever the store says now; answering with an
   * error would only make the caller send it twice.
   */
  private Submission confirm(AdmittedJob admitted, Tenant tenant, QueuePlace place) {
    RenderJob job = admitted.job();
    try {
      return store
          .queued(job.id(), place)
          .map(JobSubmission::taken)
          .orElseGet(() -> forgotten(job));
    } catch (StoreUnavailableException away) {
      LOG.atWarn()
          .addKeyValue("job", job.id())
          .log("on its lane, its record not yet: {}", away.getMessage());
      return new Submission.Taken(justQueued(admitted, tenant));
    }
  }

  /** Whoever sent it again with the same key may have lost patience and abandoned it. */
  private static Submission taken(JobStatus status) {
    return abandoned(status)
        ? refused(
            ErrorCode.BROKER_UNAVAILABLE,
            "it was abandoned before the broker acknowledged it; it will not be rendered; send it"
                + " again")
        : new Submission.Taken(status);
  }

  /** Whether nobody is to be told that it was taken: the broker did not acknowledge it in time. */
  static boolean abandoned(JobStatus status) {
    return status.state() == JobState.FAILED
        && status.attempt() == 0
        && status.error().filter(error -> error.code() == ErrorCode.BROKER_UNAVAILABLE).isPresent();
  }

  private static Submission forgotten(RenderJob job) {
    return refused(
        ErrorCode.STORE_UNAVAILABLE,
        "the job store lost job " + job.id() + "; it will not be rendered; send it again");
  }

  private JobStatus justQueued(AdmittedJob admitted, Tenant tenant) {
    RenderJob job = admitted.job();
    return new JobStatus(
        1,
        job.id(),
        job.task(),
        job.adapter(),
        tenant.id(),
        job.lane(),
        JobState.QUEUED,
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        job.sampling().steps(),
        job.layout().panels(),
        job.format(),
        job.sampling().seed(),
        new JobStatus.Times(
            clock.instant(), Optional.empty(), Optional.empty(), Optional.empty(), job.deadline()),
        Optional.empty(),
        admitted.request().metadata(),
        admitted.batch(),
        admitted.request().rerollOf(),
        Optional.empty(),
        Optional.empty());
  }

  private static Submission refused(ErrorCode code, String detail) {
    return new Submission.Refused(code, detail);
  }
}
