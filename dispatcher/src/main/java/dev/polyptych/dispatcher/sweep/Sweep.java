package dev.polyptych.dispatcher.sweep;

import dev.polyptych.dispatcher.admission.AdmittedJob;
import dev.polyptych.dispatcher.enqueue.BrokerUnavailableException;
import dev.polyptych.dispatcher.enqueue.LaneWriter;
import dev.polyptych.dispatcher.metrics.SweepMetrics;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.TraceParent;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.OpenJobs;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One round over the open jobs that are due, a bounded number of them. Blocks. */
final class Sweep {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
  static final int AT_MOST = 500;

  private final JobStore store;
  private final OpenJobs open;
  private final LaneWriter lanes;
  private final Rules rules;
  private final SweepMetrics metrics;

  /**
   * @param forgotten after which an accepted job is produced again; longer than a submission waits
   *     for the broker
   */
  record Rules(Duration forgotten, Catalog catalog, Clock clock) {}

  Sweep(JobStore store, OpenJobs open, LaneWriter lanes, Rules rules, SweepMetrics metrics) {
    this.store = store;
    this.open = open;
    this.lanes = lanes;
    this.rules = rules;
    this.metrics = metrics;
  }

  /** Returns how many jobs it looked at, all at once: so their questions share pipelines. */
  int round() throws InterruptedException {
    List<Callable<Void>> looks = new ArrayList<>();
    for (OpenJobs.Entry entry : open.due(rules.clock().instant(), AT_MOST)) {
      looks.add(
          () -> {
            sweep(entry);
            return null;
          });
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> look : threads.invokeAll(looks)) {
        if (look.state() == Future.State.FAILED
            && look.exceptionNow() instanceof RuntimeException failed) {
          throw failed;
        }
      }
    }
    return looks.size();
  }

  private void sweep(OpenJobs.Entry entry) throws InterruptedException {
    OpenJobs.Look look = open.look(entry.id(), rules.forgotten());
    metrics.looked(look.finding());
    switch (look.finding()) {
      case SETTLED, EXPIRED -> open.remove(entry.id());
      case OPEN -> again(entry, look);
      case FORGOTTEN -> {
        again(entry, look);
        produce(entry.id());
      }
      case UNKNOWN -> {
        // It is listed before it is written, so the first look may come too early.
        if (entry.fresh()) {
          again(entry, look);
        } else {
          open.remove(entry.id());
        }
      }
    }
  }

  private void again(OpenJobs.Entry entry, OpenJobs.Look look) {
    open.lookAgain(entry.id(), rules.clock().instant().plus(look.again()));
  }

  private void produce(String id) throws InterruptedException {
    var submitted = open.submitted(id);
    if (submitted.isEmpty()) {
      return;
    }
    var resolved = new JobResolver(rules.catalog()).resolve(id, submitted.get().request());
    switch (resolved) {
      case Validated.Valid<RenderJob>(RenderJob job) ->
          write(new AdmittedJob(job, submitted.get().request()), submitted.get().tenant());
      case Validated.Invalid<RenderJob>(var problems) -> {
        var first = problems.getFirst();
        store.abandon(id, new JobError(first.code(), first.field() + ": " + first.detail()));
      }
    }
  }

  private void write(AdmittedJob job, String tenant) throws InterruptedException {
    try {
      QueuePlace place = lanes.write(job, tenant, TraceParent.of(null));
      store.queued(job.job().id(), place);
      metrics.produced();
      LOG.atInfo()
          .addKeyValue("job", job.job().id())
          .log("was accepted and forgotten; it is on its lane now");
    } catch (BrokerUnavailableException away) {
      LOG.atWarn()
          .addKeyValue("job", job.job().id())
          .log("stays forgotten for now: {}", away.getMessage());
    }
  }
}
