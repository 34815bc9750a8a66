package dev.polyptych.dispatcher.sweep;

import dev.polyptych.dispatcher.metrics.SweepMetrics;
import dev.polyptych.policy.reconcile.ClusterState;
import dev.polyptych.policy.reconcile.LaneWindow;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.store.OpenJobs;
import dev.polyptych.store.OpenJobs.OpenJob;
import dev.polyptych.store.OpenJobs.Replacement;
import dev.polyptych.store.WorkerDirectory;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds open jobs that no worker has and whose record no worker will get, and produces them again.
 * That happens when a store lost something: Redis was restored from an older state, or Kafka lost
 * or deleted records. See decision 050. Blocks.
 */
public final class Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  /**
   * Time between the two times that a job must be found lost. Longer than a worker's heartbeat
   * lives, so that a job of a worker that has just taken it is in a heartbeat by then.
   */
  static final Duration LEASE = WorkerDirectory.TIME_TO_LIVE;

  private final OpenJobs open;
  private final WorkerDirectory workers;
  private final LaneView lanes;
  private final MissingRecords records;
  private final SweepMetrics metrics;

  public Reconciler(
      OpenJobs open,
      WorkerDirectory workers,
      LaneView lanes,
      MissingRecords records,
      SweepMetrics metrics) {
    this.open = open;
    this.workers = workers;
    this.lanes = lanes;
    this.records = records;
    this.metrics = metrics;
  }

  /** The cluster now, to judge jobs that are read afterwards; empty if the broker is away. */
  Optional<ClusterState> state() throws InterruptedException {
    Optional<Map<String, List<LaneWindow>>> windows = lanes.windows();
    if (windows.isEmpty()) {
      return Optional.empty();
    }
    WorkerDirectory.Reading reading = workers.read();
    List<WorkerHeartbeat> live = reading.live();
    Set<String> held = new HashSet<>();
    live.forEach(worker -> worker.held().ifPresent(held::addAll));
    boolean allTell =
        reading.unreadable().isEmpty()
            && live.stream().allMatch(worker -> worker.held().isPresent());
    return Optional.of(new ClusterState(windows.get(), held, allTell));
  }

  /** Time until the job must be looked at again; empty if it is not lost. */
  Optional<Duration> look(OpenJob job, ClusterState state) throws InterruptedException {
    if (!state.lost(job.id(), job.topic(), job.place())) {
      return Optional.empty();
    }
    if (!records.writable(job)) {
      return Optional.of(LEASE);
    }
    if (!state.allTell()) {
      metrics.reconciled(SweepMetrics.Reconciled.REPORTED);
      LOG.atDebug()
          .addKeyValue("job", job.id())
          .log("seems to be lost, and waits until all workers have this version");
      return Optional.of(LEASE);
    }
    switch (open.replace(job, LEASE)) {
      case Replacement.Otherwise() -> {}
      case Replacement.Suspected() -> metrics.reconciled(SweepMetrics.Reconciled.SUSPECTED);
      case Replacement.Failed() -> {
        metrics.reconciled(SweepMetrics.Reconciled.FAILED);
        LOG.atWarn().addKeyValue("job", job.id()).log("failed: a store had lost it");
      }
      case Replacement.Again(var version) -> {
        LOG.atWarn()
            .addKeyValue("job", job.id())
            .log("a store had lost it ({}); it is produced again", job.standing());
        if (records.produce(job.id(), version)) {
          metrics.reconciled(SweepMetrics.Reconciled.PRODUCED);
        }
      }
    }
    return Optional.of(LEASE);
  }
}
