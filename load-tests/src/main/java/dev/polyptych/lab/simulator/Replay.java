package dev.polyptych.lab.simulator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Predicts what a real fleet makes of jobs whose arrivals and times are known. */
public final class Replay {
  /** Below 1: the run goes on until all are begun. */
  private static final double UNTIL_ALL_ARE_BEGUN = 0.5;

  private final Fleet fleet;

  /** How jobs and workers are brought together. */
  public enum Way {
    /** One queue, the oldest job to whoever is free. */
    FIFO,
    /** The partition from the adapter's hash, no handover. */
    KEY_HASH,
    /** Routing, schedule and handover as the services have them. */
    OURS
  }

  /**
   * What is there.
   *
   * @param owners number of the worker, from 0, of each partition
   * @param swapSeconds as workers tell it of an adapter that is not warm
   */
  public record Fleet(int workers, int adapters, List<Integer> owners, double swapSeconds) {
    public Fleet {
      owners = List.copyOf(owners);
    }
  }

  /**
   * A job; times in seconds since the first came.
   *
   * @param adapter its number, see {@link #adapter}
   * @param estimated what dispatcher and worker think it takes
   * @param seconds what it takes, besides a swap
   * @param swapSeconds what a swap for it takes if it needs one
   * @param gapSeconds from the end of the job before until it is begun, if it has waited
   */
  public record Job(
      double arrived,
      int adapter,
      double estimated,
      double seconds,
      double swapSeconds,
      double gapSeconds) {}

  /**
   * What became of it.
   *
   * @param begun when its swap was over
   */
  public record Drawn(double begun, boolean swapped) {}

  public Replay(Fleet fleet) {
    this.fleet = fleet;
  }

  /** The id of an adapter: what is hashed must be the same here and there. */
  public static String adapter(int number) {
    return Adapters.id(number);
  }

  /**
   * @return of each, in their order
   */
  public List<Drawn> predict(Way way, List<Job> jobs) {
    List<SimulatedJob> simulated = new ArrayList<>();
    for (Job job : jobs) {
      double factor = fleet.swapSeconds() > 0 ? job.swapSeconds() / fleet.swapSeconds() : 1;
      simulated.add(
          new SimulatedJob(
              simulated.size(),
              job.adapter(),
              job.arrived(),
              job.estimated(),
              job.seconds(),
              new SimulatedJob.Own(factor, job.gapSeconds())));
    }
    simulated.sort(Comparator.comparingDouble(job -> job.arrived));
    Drawn[] drawn = new Drawn[jobs.size()];
    Simulation.run(
        load(simulated.getLast().arrived),
        maker(way),
        simulated,
        (job, now, swap) -> drawn[job.number] = new Drawn(now + swap, swap > 0));
    return List.of(drawn);
  }

  private Load load(double seconds) {
    double swap = fleet.swapSeconds() / Load.RENDER_SECONDS;
    int renders = (int) Math.ceil(seconds / Load.RENDER_SECONDS) + 1;
    return new Load(
        Load.Shape.STEADY,
        fleet.workers(),
        fleet.adapters(),
        1,
        swap,
        UNTIL_ALL_ARE_BEGUN,
        renders,
        Memory.SMALL);
  }

  private Arm.Maker maker(Way way) {
    return switch (way) {
      case FIFO -> Arms.all().get(Arms.FIFO);
      case KEY_HASH -> cluster -> lanes(cluster, Lanes.Policy.HASH);
      case OURS -> cluster -> lanes(cluster, Lanes.Policy.PROMPT);
    };
  }

  private Lanes lanes(Cluster cluster, Lanes.Policy policy) {
    return new Lanes(cluster, policy, new Assignment(fleet.owners()));
  }
}
