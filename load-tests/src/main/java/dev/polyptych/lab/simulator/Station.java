package dev.polyptych.lab.simulator;

import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.policy.schedule.Costs;
import dev.polyptych.policy.schedule.Decision;
import dev.polyptych.policy.schedule.Schedule;
import dev.polyptych.policy.schedule.ScheduleState;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A worker's process: the jobs that it has taken, its schedule, what it tells of itself. */
final class Station {
  /** Weight of the newest job in the mean. */
  private static final double NEWEST = 0.2;

  final SimulatedWorker worker;
  private final Schedule schedule;
  private final List<SimulatedJob> room = new ArrayList<>();
  private ScheduleState standing = ScheduleState.START;
  private double renderSeconds;

  Station(SimulatedWorker worker, Schedule schedule) {
    this.worker = worker;
    this.schedule = schedule;
  }

  String id() {
    return "worker-" + worker.number;
  }

  /** Taken and not begun; to be changed by the arm. */
  List<SimulatedJob> room() {
    return room;
  }

  ScheduleState standing() {
    return standing;
  }

  int inFlight() {
    return room.size() + (worker.job() == null ? 0 : 1);
  }

  /** The job that goes next, which leaves the room; null for none. */
  SimulatedJob next(double now) {
    SimulatedJob job =
        switch (schedule.next(room, standing, Clock.instant(now))) {
          case Decision.Render<SimulatedJob>(SimulatedJob warm) -> warm;
          case Decision.SwapAndRender<SimulatedJob>(SimulatedJob cold) -> cold;
          case Decision.Expire<SimulatedJob>(SimulatedJob late) ->
              throw new IllegalStateException(late.number + " has no deadline");
          case Decision.Nothing<SimulatedJob>() -> null;
        };
    if (job != null) {
      room.remove(job);
      standing = schedule.rendered(standing, job);
    }
    return job;
  }

  void finished(SimulatedJob job, double seconds) {
    standing = schedule.charged(standing, job, Clock.duration(seconds));
    renderSeconds =
        renderSeconds == 0 ? job.seconds : renderSeconds + NEWEST * (job.seconds - renderSeconds);
    standing = standing.withCosts(new Costs(renderSeconds, worker.costs, worker.holdings.live()));
  }

  /**
   * What it would tell now.
   *
   * @param untaken jobs in its partitions that it has no room for
   */
  FleetWorker heartbeat(List<Integer> partitions, int untaken, double now) {
    double waiting = room.stream().mapToDouble(job -> job.estimated).sum();
    BitSet adapters = new BitSet();
    room.forEach(job -> adapters.set(job.adapter));
    waiting += adapters.stream().mapToDouble(worker::swapSeconds).sum();
    double mean = renderSeconds == 0 ? Load.RENDER_SECONDS : renderSeconds;
    return new FleetWorker(
        id(),
        partitions,
        worker.runningSeconds(now) + waiting + untaken * mean,
        Clock.instant(now),
        false,
        worker.holdings.snapshot(),
        worker.costs);
  }
}
