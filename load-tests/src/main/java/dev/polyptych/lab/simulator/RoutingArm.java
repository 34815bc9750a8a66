package dev.polyptych.lab.simulator;

import dev.polyptych.lab.simulator.SharedQueue.CentralChoice;
import dev.polyptych.lab.simulator.SharedQueue.PressureChoice;
import dev.polyptych.lab.simulator.SharedQueue.SliceChoice;
import dev.polyptych.lab.simulator.SharedQueue.WindowChoice;
import dev.polyptych.lab.simulator.Simulation.SimulatedCluster;
import java.util.LinkedHashMap;
import java.util.Map;

/** One way to bring jobs and workers together. Called by the {@link Simulation} alone. */
interface RoutingArm {
  /** A job was submitted; wakes a worker if one should look. */
  void arrived(SimulatedJob job);

  /** The job that an idle worker draws now; null for none. */
  SimulatedJob next(SimulatedWorker worker);

  /** A worker is done with a job, swap and all. */
  default void finished(SimulatedWorker worker, SimulatedJob job, double seconds) {}

  /** A worker is ready that was not there before. */
  default void joined(SimulatedWorker worker) {}

  /**
   * A worker has been gone for so long that it was noticed.
   *
   * @param running what it had in hand; null for nothing
   */
  void lost(SimulatedWorker worker, SimulatedJob running);

  /** Jobs that were handed over so far. */
  default int handovers() {
    return 0;
  }

  /** Makes an arm for a run. */
  interface Maker {
    RoutingArm make(SimulatedCluster cluster);
  }

  /** All arms by name; the last is ours. */
  static final class Arms {
    static final String FIFO = "fifo";
    static final String OURS = "ours";

    private Arms() {}

    static Map<String, RoutingArm.Maker> all() {
      Map<String, RoutingArm.Maker> arms = new LinkedHashMap<>();
      arms.put(FIFO, shared(cluster -> (worker, pool) -> pool.oldest()));
      arms.put("key-hash", cluster -> new Lanes(cluster, Lanes.Policy.HASH));
      arms.put("pressure", shared(PressureChoice::new));
      arms.put("window-32", shared(cluster -> new WindowChoice()));
      arms.put("time-slice", shared(SliceChoice::new));
      arms.put("central", shared(CentralChoice::new));
      arms.put(OURS, cluster -> new Lanes(cluster, Lanes.Policy.OURS));
      return arms;
    }

    private interface Choosing {
      SharedQueue.Choice by(SimulatedCluster cluster);
    }

    private static RoutingArm.Maker shared(Choosing choosing) {
      return cluster -> new SharedQueue(cluster, choosing.by(cluster));
    }
  }
}
