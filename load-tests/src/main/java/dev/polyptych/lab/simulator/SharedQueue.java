package dev.polyptych.lab.simulator;

import dev.polyptych.lab.simulator.Simulation.SimulatedCluster;
import dev.polyptych.schema.fleet.Tier;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** Arms that keep all jobs in one queue. They differ in the job that a free worker takes. */
final class SharedQueue implements RoutingArm {
  private final Pool pool;
  private final Choice choice;

  /** The job that a free worker takes; null if there is none. */
  interface Choice {
    SimulatedJob of(SimulatedWorker worker, Pool pool);
  }

  SharedQueue(SimulatedCluster cluster, Choice choice) {
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

  /**
   * The rule of InvokeAI. The oldest job is the candidate. One of the next 32 jobs goes first if
   * its adapter is on the device. The candidate's number does not change, so it cannot starve.
   */
  record WindowChoice() implements SharedQueue.Choice {
    private static final int WINDOW = 32;

    @Override
    public SimulatedJob of(SimulatedWorker worker, Pool pool) {
      SimulatedJob candidate = pool.oldest();
      if (candidate == null) {
        return null;
      }
      SimulatedJob best = candidate;
      Iterator<SimulatedJob> jobs = pool.all();
      while (jobs.hasNext()) {
        SimulatedJob job = jobs.next();
        if (job.number > candidate.number + WINDOW) {
          return best;
        }
        if (!job.begun() && tier(worker, job).compareTo(tier(worker, best)) < 0) {
          best = job;
        }
      }
      return best;
    }

    /** Only the device's cache counts. */
    private static Tier tier(SimulatedWorker worker, SimulatedJob job) {
      Tier tier = worker.holdings.tier(job.adapter);
      return tier.compareTo(Tier.DEVICE) <= 0 ? tier : Tier.ABSENT;
    }
  }

  /**
   * The rule of SwarmUI for models. The loaded adapter continues while jobs wait for it. Otherwise
   * the adapter with the highest pressure follows: 10 per job plus 1 per second that its oldest job
   * has waited.
   */
  record PressureChoice(SimulatedCluster cluster) implements SharedQueue.Choice {
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

  /**
   * The rule of LoRAX. An adapter continues for its time slice while jobs wait for it. Then the
   * adapter of the oldest job follows.
   */
  static final class SliceChoice implements SharedQueue.Choice {
    /** LoRAX has 2 s, about forty decoding steps. Here a step is a job. */
    private static final double SLICE_SECONDS = 5 * SimulatedLoad.RENDER_SECONDS;

    private final SimulatedCluster cluster;
    private final Map<Integer, Double> warmSince = new HashMap<>();

    SliceChoice(SimulatedCluster cluster) {
      this.cluster = cluster;
    }

    @Override
    public SimulatedJob of(SimulatedWorker worker, Pool pool) {
      SimulatedJob warm = pool.oldest(worker.holdings.warm());
      double since = warmSince.getOrDefault(worker.number, Double.NEGATIVE_INFINITY);
      if (warm != null && cluster.now() - since < SLICE_SECONDS) {
        return warm;
      }
      SimulatedJob oldest = pool.oldest();
      if (oldest != null) {
        warmSince.put(worker.number, cluster.now() + worker.swapSeconds(oldest.adapter));
      }
      return oldest;
    }
  }

  /**
   * The rules of the worker's schedule in one process that sees everything: warm jobs first, in a
   * streak long enough to pay for its swap; then the oldest job once it exceeds the age limit.
   */
  static final class CentralChoice implements SharedQueue.Choice {
    private static final double AGE_LIMIT_SECONDS = 60;
    private static final double SWAP_SHARE = 0.1;

    private final SimulatedCluster cluster;
    private final Map<Integer, Integer> left = new HashMap<>();

    CentralChoice(SimulatedCluster cluster) {
      this.cluster = cluster;
    }

    @Override
    public SimulatedJob of(SimulatedWorker worker, Pool pool) {
      SimulatedJob warm = pool.oldest(worker.holdings.warm());
      if (warm != null && left.getOrDefault(worker.number, 0) > 0) {
        return begin(worker, warm);
      }
      SimulatedJob oldest = pool.oldest();
      boolean old = oldest != null && cluster.now() - oldest.arrived > AGE_LIMIT_SECONDS;
      return begin(worker, warm == null || old ? oldest : warm);
    }

    private SimulatedJob begin(SimulatedWorker worker, SimulatedJob job) {
      if (job != null) {
        boolean goesOn = worker.isWarm(job.adapter);
        double swap = worker.swapSeconds(job.adapter);
        int quantum = (int) Math.ceil(swap / (SWAP_SHARE * cluster.renderSeconds()));
        left.merge(worker.number, -1, (before, one) -> (goesOn ? before : quantum) + one);
      }
      return job;
    }
  }
}
