package dev.polyptych.lab.simulator;

import dev.polyptych.schema.fleet.SwapCosts;
import java.util.ArrayList;
import java.util.List;

/** One arm under one load, event by event. */
final class Simulation {
  /** From a kill to the moment the group knows: the broker's session timeout. */
  private static final double UNNOTICED_SECONDS = 10;

  /** A new worker loads its model. */
  private static final double LOADING_SECONDS = 60;

  private final Load load;
  private final Clock clock = new Clock();
  private final Tally tally;
  private final List<SimulatedWorker> workers = new ArrayList<>();
  private final Arm arm;
  private final Watcher watcher;
  private int open;

  /** Told of each job when a worker begins it. */
  interface Watcher {
    void begun(SimulatedJob job, double now, double swapSeconds);
  }

  private Simulation(Load load, Arm.Maker maker, Watcher watcher) {
    this.load = load;
    this.watcher = watcher;
    this.tally = new Tally(load);
    for (int number = 0; number < load.workers(); number++) {
      workers.add(worker(number));
    }
    this.arm =
        maker.make(new Cluster(clock, workers, load.adapters(), Load.RENDER_SECONDS, this::wake));
  }

  /** Until all jobs are begun; under overload until they no longer come. */
  static Outcome run(Load load, Arm.Maker maker, List<SimulatedJob> jobs) {
    return run(load, maker, jobs, (job, now, swapSeconds) -> {});
  }

  /** As {@link #run(Load, Arm.Maker, List)}. */
  static Outcome run(Load load, Arm.Maker maker, List<SimulatedJob> jobs, Watcher watcher) {
    return new Simulation(load, maker, watcher).run(jobs);
  }

  private SimulatedWorker worker(int number) {
    SwapCosts costs = load.memory().costs(load.swapSeconds());
    return new SimulatedWorker(number, load.memory(), costs);
  }

  private Outcome run(List<SimulatedJob> jobs) {
    open = jobs.size();
    if (!jobs.isEmpty()) {
      arrive(jobs, 0);
    }
    if (load.shape() == Load.Shape.CHURN) {
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

  /** One after the other, so that only one waits among the events. */
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

  /** A tenth is killed after 0.4 of the time; twice as many join after 0.6. */
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
}
