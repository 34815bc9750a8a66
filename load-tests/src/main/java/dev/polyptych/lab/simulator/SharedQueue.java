package dev.polyptych.lab.simulator;

import dev.polyptych.lab.simulator.Simulation.SimulatedCluster;
import dev.polyptych.schema.fleet.Tier;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** Arms that keep all jobs in one queue, and differ in what a free worker takes from it. */
final class SharedQueue implements RoutingArm {
  private final Pool pool;
  private final Choice choice;

  /** What a free worker takes; null for nothing. */
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
   * As InvokeAI does: the oldest job is the candidate, and one that came at most 32 later goes
   * before it if its adapter is on the device. The candidate's number never moves, so it can't
   * starve.
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

    /** Beyond the device nothing is cached that counts. */
    private static Tier tier(SimulatedWorker worker, SimulatedJob job) {
      Tier tier = worker.holdings.tier(job.adapter);
      return tier.compareTo(Tier.DEVICE) <= 0 ? tier : Tier.ABSENT;
    }
  }

  /**
   * As SwarmUI does with models: what is loaded goes on as long as it is wanted; else the adapter
   * with the most pressure, ten for each job and one for each second that its oldest has waited.
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
   * As LoRAX does: an adapter goes on for its time slice while it is wanted, then yields to the one
   * whose oldest job is the oldest.
   */
  static final class SliceChoice implements SharedQueue.Choice {
    /** LoRAX has 2 s, some forty steps of decoding; here a step is a job. */
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
   * What one process could do that saw everything at once: warm first, a streak that pays for its
   * swap, then the oldest once it is over the age limit. The same rules as the worker's schedule.
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
