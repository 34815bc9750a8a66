package dev.polyptych.lab.simulator;

/** Arms that keep all jobs in one queue, and differ in what a free worker takes from it. */
final class SharedQueue implements Arm {
  private final Pool pool;
  private final Choice choice;

  /** What a free worker takes; null for nothing. */
  interface Choice {
    SimulatedJob of(SimulatedWorker worker, Pool pool);
  }

  SharedQueue(Cluster cluster, Choice choice) {
    this.pool = new Pool(cluster);
    this.choice = choice;
  }

  @Override
  public void arrived(SimulatedJob job) {
    pool.add(job);
    pool.wakeNearest(job);
  }

  @Override
  public SimulatedJob next(SimulatedWorker worker) {
    return choice.of(worker, pool);
  }

  @Override
  public void lost(SimulatedWorker worker, SimulatedJob running) {
    if (running != null) {
      pool.giveBack(running);
      pool.wakeNearest(running);
    }
  }
}
