package dev.polyptych.dispatcher.sweep;

import dev.polyptych.dispatcher.enqueue.LaneUnavailableException;
import dev.polyptych.dispatcher.enqueue.LaneWriter;
import dev.polyptych.dispatcher.placement.Route;
import dev.polyptych.dispatcher.placement.Routes;
import dev.polyptych.dispatcher.placement.RoutesByBase;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.schema.topic.TraceParent;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.store.OpenJobs.OpenJob;
import dev.polyptych.store.StoredRequests;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Produces records of jobs that have none: they were accepted and never produced, or their record
 * was lost. Blocks.
 */
public final class MissingRecords {
  private static final Logger LOG = LoggerFactory.getLogger(MissingRecords.class);

  private final JobStore store;
  private final StoredRequests requests;
  private final JobResolver resolver;
  private final RoutesByBase routes;
  private final LaneWriter lanes;

  public MissingRecords(
      JobStore store,
      StoredRequests requests,
      JobResolver resolver,
      RoutesByBase routes,
      LaneWriter lanes) {
    this.store = store;
    this.requests = requests;
    this.resolver = resolver;
    this.routes = routes;
    this.lanes = lanes;
  }

  /** Whether records can be written to the lanes of a job. */
  boolean writable(OpenJob job) {
    return Topics.baseOf(job.topic()).map(lanes::ready).orElseGet(lanes::ready);
  }

  /**
   * Whether the first record of an accepted job is on its lane now. If the catalog now refuses the
   * job, it is abandoned.
   */
  boolean produceFirst(String id) throws InterruptedException {
    return produce(id, RecordVersion.FIRST);
  }

  /**
   * Whether a record of this version is on its lane now. If the catalog now refuses the job, it
   * fails.
   */
  boolean produce(String id, RecordVersion version) throws InterruptedException {
    Optional<RenderRecord> submitted = requests.find(id);
    if (submitted.isEmpty()) {
      return false;
    }
    RenderRecord stored = submitted.get();
    return switch (stored.resolved(resolver)) {
      case Validated.Valid<RenderJob>(RenderJob job) -> write(NewJob.of(job, stored), version);
      case Validated.Invalid<RenderJob>(var problems) -> {
        var first = problems.getFirst();
        var error = new JobError(first.code(), first.field() + ": " + first.detail());
        if (version.equals(RecordVersion.FIRST)) {
          store.abandon(id, error);
        } else {
          store.reject(id, stored.tenant(), version, error);
        }
        yield false;
      }
    };
  }

  private boolean write(NewJob job, RecordVersion version) throws InterruptedException {
    String id = job.job().id();
    try {
      String base = job.job().pins().base();
      int partitions = lanes.partitions(base, job.job().lane());
      Routes fleet = routes.of(base);
      Route route = fleet.route(job.job(), fleet.gpuSeconds(job.job()), partitions);
      QueuePlace place = lanes.write(job, version, TraceParent.of(null), route.partition());
      note(id, version, place);
      LOG.atInfo().addKeyValue("job", id).log("had no record on Kafka; it is on its lane now");
      return true;
    } catch (LaneUnavailableException away) {
      LOG.atWarn()
          .addKeyValue("job", id)
          .log("has no record on Kafka, and the broker is away: {}", away.getMessage());
      return false;
    }
  }

  private void note(String id, RecordVersion version, QueuePlace place) {
    if (version.equals(RecordVersion.FIRST)) {
      store.queued(id, place);
    } else {
      store.moved(id, version, place);
    }
  }
}
