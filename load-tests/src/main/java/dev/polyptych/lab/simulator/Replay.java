package dev.polyptych.lab.simulator;

import dev.polyptych.lab.simulator.RoutingArm.Arms;
import dev.polyptych.lab.simulator.SimulatedLoad.Memory;
import dev.polyptych.lab.simulator.Simulation.SimulatedCluster;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Predicts how a real fleet handles jobs whose arrivals and durations are known. */
public final class Replay {
  /** A load below 1: the run goes on until all jobs have begun. */
  private static final double UNTIL_ALL_ARE_BEGUN = 0.5;

  private final Fleet fleet;

  /** The way in which jobs are given to workers. */
  public enum Way {
    /** One queue. A free worker takes the oldest job. */
    FIFO,
    /** The partition is the adapter's hash. No handover. */
    KEY_HASH,
    /** Routing, schedule and handover of the services. */
    OURS
  }

  /**
   * The fleet.
   *
   * @param owners number of the owner of each partition, from 0
   * @param swapSeconds cost of a swap to an adapter that is not warm, as workers report it
   */
  public record Fleet(int workers, int adapters, List<Integer> owners, double swapSeconds) {
    public Fleet {
      owners = List.copyOf(owners);
    }
  }

  /**
   * A job; times in seconds since the first arrival.
   *
   * @param adapter its number, see {@link #adapter}
   * @param estimated its duration as dispatcher and worker estimate it
   * @param seconds its duration without a swap
   * @param swapSeconds duration of a swap if it needs one
   * @param gapSeconds from the end of the previous job to the start of this one, if it waited
   */
  public record Job(
      double arrived,
      int adapter,
      double estimated,
      double seconds,
      double swapSeconds,
      double gapSeconds) {}

  /**
   * The predicted outcome of a job.
   *
   * @param begun the end of its swap
   */
  public record Drawn(double begun, boolean swapped) {}

  public Replay(Fleet fleet) {
    this.fleet = fleet;
  }

  /** The id of an adapter. Simulation and real fleet must hash the same id. */
  public static String adapter(int number) {
    return Adapters.id(number);
  }

  /**
   * @return the outcome of each job, in the order of the jobs
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

  private SimulatedLoad load(double seconds) {
    double swap = fleet.swapSeconds() / SimulatedLoad.RENDER_SECONDS;
    int renders = (int) Math.ceil(seconds / SimulatedLoad.RENDER_SECONDS) + 1;
    return new SimulatedLoad(
        SimulatedLoad.Shape.STEADY,
        fleet.workers(),
        fleet.adapters(),
        1,
        swap,
        UNTIL_ALL_ARE_BEGUN,
        renders,
        Memory.SMALL);
  }

  private RoutingArm.Maker maker(Way way) {
    return switch (way) {
      case FIFO -> Arms.all().get(Arms.FIFO);
      case KEY_HASH -> cluster -> lanes(cluster, Lanes.Policy.HASH);
      case OURS -> cluster -> lanes(cluster, Lanes.Policy.PROMPT);
    };
  }

  private Lanes lanes(SimulatedCluster cluster, Lanes.Policy policy) {
    return new Lanes(cluster, policy, new Assignment(fleet.owners()));
  }
}
