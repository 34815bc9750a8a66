package dev.polyptych.dispatcher.estimate;

import dev.polyptych.dispatcher.cluster.ClusterView;
import dev.polyptych.dispatcher.cluster.Turn;
import dev.polyptych.dispatcher.placement.RoutesByBase;
import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.schema.fleet.Needs;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Reason;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says why a job is in its present state, from its record and the latest view of the cluster. */
public final class Why {
  private final RoutesByBase routes;
  private final Clock clock;

  public Why(RoutesByBase routes, Clock clock) {
    this.routes = routes;
    this.clock = clock;
  }

  /** At least one reason; the most important is first. */
  public List<Reason> reasons(JobStatus status) {
    ClusterView view = routes.of(status).view();
    return switch (status.state()) {
      case ACCEPTED -> List.of(new Reason.Accepted(status.times().accepted()));
      case QUEUED -> queued(status, view);
      case RENDERING -> rendering(status, view);
      case DONE, FAILED, CANCELLED, EXPIRED -> List.of(settled(status));
    };
  }

  private static Reason settled(JobStatus status) {
    return new Reason.Settled(
        status.state(), status.error(), status.times().finished().orElseThrow());
  }

  private List<Reason> rendering(JobStatus status, ClusterView view) {
    String worker = status.worker().orElseThrow();
    Reason now = new Reason.Rendering(worker, status.step(), status.steps(), status.attempt());
    return view.known() && view.worker(worker).filter(live -> !live.stuck()).isEmpty()
        ? List.of(new Reason.WorkerSilent(worker, able(status, view, worker)), now)
        : List.of(now);
  }

  /** Number of live workers that can draw the job, without one. */
  private int able(JobStatus status, ClusterView view, String except) {
    Needs needs = routes.of(status).needs(status.task(), status.adapterKey());
    return (int)
        view.workers().stream()
            .filter(other -> !other.id().equals(except) && other.can().draws(needs))
            .count();
  }

  /** Why the worker that has the job's record can't draw it; empty if it can. */
  private Optional<Reason> unable(JobStatus status, WorkerHeartbeat worker, ClusterView view) {
    Needs needs = routes.of(status).needs(status.task(), status.adapterKey());
    if (worker.can().draws(needs)) {
      return Optional.empty();
    }
    String lacks;
    if (worker.stuck()) {
      lacks = "it is stuck and is about to end";
    } else {
      lacks = "it can't read adapter " + status.adapter();
    }
    return Optional.of(
        new Reason.WorkerUnable(worker.id(), lacks, able(status, view, worker.id())));
  }

  private List<Reason> queued(JobStatus status, ClusterView view) {
    List<Reason> reasons = new ArrayList<>();
    Optional<Instant> until = status.nextAttemptAt().filter(clock.instant()::isBefore);
    until.ifPresent(
        at -> reasons.add(new Reason.BackingOff(at, status.lastError(), status.attempt())));
    if (!view.known()) {
      reasons.add(new Reason.Unseen());
      return reasons;
    }
    int partition = partition(status, view);
    Optional<Turn> turn = turn(status, view, partition);
    if (turn.isEmpty()) {
      reasons.addAll(withoutOwner(view, partition));
    } else {
      Optional<Reason> unable = unable(status, turn.get().worker(), view);
      reasons.addAll(
          unable.isPresent()
              ? unable.stream().toList()
              : waiting(status, turn.get(), until.isPresent(), view.fleet()));
    }
    return reasons;
  }

  private static List<Reason> withoutOwner(ClusterView view, int partition) {
    List<WorkerHeartbeat> loading = view.loading();
    List<Reason> reasons = new ArrayList<>();
    reasons.add(new Reason.NoWorker(partition, view.workers().size() - loading.size()));
    loading.forEach(worker -> reasons.add(new Reason.Loading(worker.id(), worker.startedAt())));
    return reasons;
  }

  private static List<Reason> waiting(
      JobStatus status, Turn turn, boolean backingOff, Fleet fleet) {
    WorkerHeartbeat worker = turn.worker();
    List<Reason> reasons = new ArrayList<>();
    Optional<Reason> fetching = AdapterReason.fetching(status, worker);
    fetching.ifPresent(reasons::add);
    if (turn.jobs() > 0) {
      reasons.add(new Reason.Behind(worker.id(), turn.jobs(), turn.laneJobs(), turn.gpuSeconds()));
    } else if (!backingOff && fetching.isEmpty()) {
      reasons.add(new Reason.Next(worker.id()));
    }
    if (fetching.isEmpty()) {
      AdapterReason.of(status.adapterKey(), status.adapter(), worker.id(), fleet)
          .ifPresent(reasons::add);
    }
    if (worker.meanJobSeconds() == 0) {
      reasons.add(new Reason.NotMeasured(worker.id()));
    }
    return reasons;
  }

  /** The turn behind all other jobs if the position of its record is unknown. */
  private static Optional<Turn> turn(JobStatus status, ClusterView view, int partition) {
    return status.place().isPresent()
        ? Turn.at(view, status.lane(), partition, status.place().get().offset())
        : Turn.last(view, status.lane(), partition);
  }

  private int partition(JobStatus status, ClusterView view) {
    return status.place().isPresent()
        ? status.place().get().partition()
        : routes.of(status).likely(status.task(), status.adapterKey(), view);
  }
}
