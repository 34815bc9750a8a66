package dev.polyptych.lab.simulator;

import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.policy.schedule.Costs;
import dev.polyptych.policy.schedule.Decision;
import dev.polyptych.policy.schedule.Schedule;
import dev.polyptych.policy.schedule.ScheduleState;
import dev.polyptych.policy.schedule.Workload;
import dev.polyptych.schema.fleet.Abilities;
import java.util.ArrayList;
import java.util.List;

/** A worker's process: the jobs that it has taken, its schedule, what it says of itself. */
final class Station {
  final SimulatedWorker worker;
  private final Schedule schedule;
  private final List<SimulatedJob> queue = new ArrayList<>();
  private ScheduleState state = ScheduleState.START;
  private final Workload workload = new Workload();

  Station(SimulatedWorker worker, Schedule schedule) {
    this.worker = worker;
    this.schedule = schedule;
  }

  String id() {
    return "worker-" + worker.number;
  }

  /** Taken and not begun; to be changed by the arm. */
  List<SimulatedJob> queue() {
    return queue;
  }

  ScheduleState state() {
    return state;
  }

  int inFlight() {
    return queue.size() + (worker.job() == null ? 0 : 1);
  }

  /** The job that goes next, which leaves the queue; null for none. */
  SimulatedJob next(double now) {
    SimulatedJob job =
        switch (schedule.next(queue, state, Clock.instant(now))) {
          case Decision.Render<SimulatedJob>(SimulatedJob warm) -> warm;
          case Decision.SwapAndRender<SimulatedJob>(SimulatedJob cold) -> cold;
          case Decision.Expire<SimulatedJob>(SimulatedJob late) ->
              throw new IllegalStateException(late.number + " has no deadline");
          case Decision.Nothing<SimulatedJob>() -> null;
        };
    if (job != null) {
      queue.remove(job);
      state = schedule.rendered(state, job);
    }
    return job;
  }

  void finished(SimulatedJob job, double seconds) {
    state = schedule.charged(state, job, Clock.duration(seconds));
    workload.drawn(job.seconds);
    state = state.withCosts(new Costs(workload.jobSeconds(), worker.costs, worker.holdings.live()));
  }

  /**
   * What its heartbeat would say now.
   *
   * @param untaken jobs in its partitions that it has no room for
   */
  FleetWorker heartbeat(List<Integer> partitions, int untaken, double now) {
    double waiting =
        Workload.waitingSeconds(queue, job -> job.estimated, worker.costs, worker.holdings.live());
    double jobSeconds = workload.jobSeconds();
    double mean = jobSeconds == 0 ? SimulatedLoad.RENDER_SECONDS : jobSeconds;
    return new FleetWorker(
        id(),
        partitions,
        worker.runningSeconds(now) + waiting + untaken * mean,
        Clock.instant(now),
        false,
        worker.holdings.snapshot(),
        worker.costs,
        Abilities.UNKNOWN);
  }
}
