package dev.polyptych.dispatcher.sweep;

import dev.polyptych.dispatcher.enqueue.LaneUnavailableException;
import dev.polyptych.dispatcher.enqueue.LaneWriter;
import dev.polyptych.dispatcher.placement.Route;
import dev.polyptych.dispatcher.placement.Routes;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.TraceParent;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.StoredRequests;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Produces jobs that were accepted but that their dispatcher never produced. Blocks. */
public final class ForgottenJobs {
  private static final Logger LOG = LoggerFactory.getLogger(ForgottenJobs.class);

  private final JobStore store;
  private final StoredRequests requests;
  private final JobResolver resolver;
  private final Routes routes;
  private final LaneWriter lanes;

  public ForgottenJobs(
      JobStore store,
      StoredRequests requests,
      JobResolver resolver,
      Routes routes,
      LaneWriter lanes) {
    this.store = store;
    this.requests = requests;
    this.resolver = resolver;
    this.routes = routes;
    this.lanes = lanes;
  }

  /** Whether the job is on its lane now. If the catalog now refuses the job, it is abandoned. */
  boolean produce(String id) throws InterruptedException {
    Optional<RenderRecord> submitted = requests.find(id);
    if (submitted.isEmpty()) {
      return false;
    }
    return switch (resolver.resolveAccepted(id, submitted.get().request())) {
      case Validated.Valid<RenderJob>(RenderJob job) -> write(job, submitted.get().tenant());
      case Validated.Invalid<RenderJob>(var problems) -> {
        var first = problems.getFirst();
        store.abandon(id, new JobError(first.code(), first.field() + ": " + first.detail()));
        yield false;
      }
    };
  }

  private boolean write(RenderJob job, String tenant) throws InterruptedException {
    try {
      int partitions = lanes.partitions(job.lane());
      Route route = routes.route(job, routes.gpuSeconds(job), partitions);
      QueuePlace place = lanes.write(job, tenant, TraceParent.of(null), route.partition());
      store.queued(job.id(), place);
      LOG.atInfo()
          .addKeyValue("job", job.id())
          .log("was accepted and never produced; it is on its lane now");
      return true;
    } catch (LaneUnavailableException away) {
      LOG.atWarn()
          .addKeyValue("job", job.id())
          .log("was accepted and never produced; the broker is away: {}", away.getMessage());
      return false;
    }
  }
}
