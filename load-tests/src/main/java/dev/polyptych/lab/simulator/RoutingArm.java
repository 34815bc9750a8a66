package dev.polyptych.lab.simulator;

import dev.polyptych.lab.simulator.SharedQueue.CentralChoice;
import dev.polyptych.lab.simulator.SharedQueue.PressureChoice;
import dev.polyptych.lab.simulator.SharedQueue.SliceChoice;
import dev.polyptych.lab.simulator.SharedQueue.WindowChoice;
import dev.polyptych.lab.simulator.Simulation.SimulatedCluster;
import java.util.LinkedHashMap;
import java.util.Map;

/** One way to give jobs to workers. Only the {@link Simulation} calls it. */
interface RoutingArm {
  /** A job was submitted. Wakes a worker if one should take it. */
  void arrived(SimulatedJob job);

  /** The job that an idle worker draws now; null if there is none. */
  SimulatedJob next(SimulatedWorker worker);

  /** A worker has finished a job, including its swap. */
  default void finished(SimulatedWorker worker, SimulatedJob job, double seconds) {}

  /** A new worker is ready. */
  default void joined(SimulatedWorker worker) {}

  /**
   * The loss of a worker was noticed.
   *
   * @param running the job that it was drawing; null if there was none
   */
  void lost(SimulatedWorker worker, SimulatedJob running);

  /** Number of handovers so far. */
  default int handovers() {
    return 0;
  }

  /** Creates an arm for a run. */
  interface Maker {
    RoutingArm make(SimulatedCluster cluster);
  }

  /** All arms by name. The last one is ours. */
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
