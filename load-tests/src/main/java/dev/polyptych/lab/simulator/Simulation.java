package dev.polyptych.lab.simulator;

import dev.polyptych.lab.simulator.RoutingTally.RoutingOutcome;
import dev.polyptych.schema.fleet.SwapCosts;
import java.util.ArrayList;
import java.util.List;

/** One arm under one load, event by event. */
final class Simulation {
  /** From a kill until the group notices it: the broker's session timeout. */
  private static final double UNNOTICED_SECONDS = 10;

  /** Time in which a new worker loads its model. */
  private static final double LOADING_SECONDS = 60;

  private final SimulatedLoad load;
  private final Clock clock = new Clock();
  private final RoutingTally tally;
  private final List<SimulatedWorker> workers = new ArrayList<>();
  private final RoutingArm arm;
  private final Watcher watcher;
  private int open;

  /** Is called when a worker begins a job. */
  interface Watcher {
    void begun(SimulatedJob job, double now, double swapSeconds);
  }

  private Simulation(SimulatedLoad load, RoutingArm.Maker maker, Watcher watcher) {
    this.load = load;
    this.watcher = watcher;
    this.tally = new RoutingTally(load);
    for (int number = 0; number < load.workers(); number++) {
      workers.add(worker(number));
    }
    this.arm =
        maker.make(
            new SimulatedCluster(
                clock, workers, load.adapters(), SimulatedLoad.RENDER_SECONDS, this::wake));
  }

  /** Runs until all jobs have begun; under overload until the last arrival. */
  static RoutingOutcome run(SimulatedLoad load, RoutingArm.Maker maker, List<SimulatedJob> jobs) {
    return run(load, maker, jobs, (job, now, swapSeconds) -> {});
  }

  /** The same with a watcher. */
  static RoutingOutcome run(
      SimulatedLoad load, RoutingArm.Maker maker, List<SimulatedJob> jobs, Watcher watcher) {
    return new Simulation(load, maker, watcher).run(jobs);
  }

  private SimulatedWorker worker(int number) {
    SwapCosts costs = load.memory().costs(load.swapSeconds());
    return new SimulatedWorker(number, load.memory(), costs);
  }

  private RoutingOutcome run(List<SimulatedJob> jobs) {
    open = jobs.size();
    if (!jobs.isEmpty()) {
      arrive(jobs, 0);
    }
    if (load.shape() == SimulatedLoad.Shape.CHURN) {
      churn();
    }
    boolean goesOn = true;
    while (goesOn && open > 0 && (!load.overload() || clock.now() < load.seconds())) {
      goesOn = clock.step();
    }
    workers.stream()
        .filter(SimulatedWorker::alive)
        .forEach(worker -> tally.present(worker.since(), load.seconds()));
    return tally.outcome(arm.handovers());
  }

  /** Schedules one arrival at a time, so the event queue stays short. */
  private void arrive(List<SimulatedJob> jobs, int next) {
    clock.at(
        jobs.get(next).arrived,
        () -> {
          arm.arrived(jobs.get(next));
          if (next + 1 < jobs.size()) {
            arrive(jobs, next + 1);
          }
        });
  }

  private void wake(SimulatedWorker worker) {
    if (worker.idle()) {
      SimulatedJob job = arm.next(worker);
      if (job != null) {
        begin(worker, job);
      }
    }
  }

  private void begin(SimulatedWorker worker, SimulatedJob job) {
    double now = clock.now();
    double gap = now > job.arrived ? job.own.gapSeconds() : 0;
    double swap = worker.swapSeconds(job.adapter) * job.own.swapFactor();
    double takes = gap + swap + job.seconds;
    tally.job(job, now + gap, swap);
    watcher.begun(job, now + gap, swap);
    open--;
    worker.begin(job, now + takes);
    int run = worker.run();
    clock.at(now + takes, () -> finish(worker, job, run, takes));
  }

  private void finish(SimulatedWorker worker, SimulatedJob job, int run, double took) {
    if (worker.run() == run) {
      worker.finish();
      arm.finished(worker, job, took);
      wake(worker);
    }
  }

  /** A tenth of the workers is killed after 0.4 of the time; twice as many join after 0.6. */
  private void churn() {
    int some = Math.max(1, load.workers() / 10);
    for (int i = 0; i < some; i++) {
      SimulatedWorker victim = workers.get(i * workers.size() / some);
      clock.at(0.4 * load.seconds(), () -> kill(victim));
    }
    for (int i = 0; i < 2 * some; i++) {
      clock.at(0.6 * load.seconds() + LOADING_SECONDS, this::join);
    }
  }

  private void kill(SimulatedWorker victim) {
    double now = clock.now();
    double doneAt = now + victim.runningSeconds(now);
    SimulatedJob running = victim.lose();
    tally.present(victim.since(), now);
    if (running != null) {
      tally.undo(running, now, doneAt);
      open++;
    }
    clock.at(now + UNNOTICED_SECONDS, () -> arm.lost(victim, running));
  }

  private void join() {
    SimulatedWorker worker = worker(workers.size());
    worker.since(clock.now());
    workers.add(worker);
    arm.joined(worker);
    wake(worker);
  }

  /**
   * The part of the run that an arm sees.
   *
   * @param workers all workers, including lost ones
   * @param adapters their number
   * @param wake makes an idle worker look for a job
   */
  record SimulatedCluster(
      Clock clock, List<SimulatedWorker> workers, int adapters, double renderSeconds, Wake wake) {
    interface Wake {
      void up(SimulatedWorker worker);
    }

    double now() {
      return clock.now();
    }
  }
}
