package dev.polyptych.lab.simulator;

import java.util.LinkedHashMap;
import java.util.Map;

/** All arms by name; the last is ours. */
final class Arms {
  static final String FIFO = "fifo";
  static final String OURS = "ours";

  private Arms() {}

  static Map<String, Arm.Maker> all() {
    Map<String, Arm.Maker> arms = new LinkedHashMap<>();
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
    SharedQueue.Choice by(Cluster cluster);
  }

  private static Arm.Maker shared(Choosing choosing) {
    return cluster -> new SharedQueue(cluster, choosing.by(cluster));
  }
}
