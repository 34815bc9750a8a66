package dev.polyptych.lab.simulator;

/**
 * As SwarmUI does with models: what is loaded goes on as long as it is wanted; else the adapter
 * with the most pressure, ten for each job and one for each second that its oldest has waited.
 */
record PressureChoice(Cluster cluster) implements SharedQueue.Choice {
  private static final double PER_JOB = 10;

  @Override
  public SimulatedJob of(SimulatedWorker worker, Pool pool) {
    SimulatedJob best = pool.oldest(worker.holdings.warm());
    double most = 0;
    for (int adapter = best == null ? pool.wanted().nextSetBit(0) : -1;
        adapter >= 0;
        adapter = pool.wanted().nextSetBit(adapter + 1)) {
      SimulatedJob oldest = pool.oldest(adapter);
      if (oldest != null) {
        double pressure = PER_JOB * pool.waiting(adapter) + cluster.now() - oldest.arrived;
        if (pressure > most) {
          most = pressure;
          best = oldest;
        }
      }
    }
    return best;
  }
}
