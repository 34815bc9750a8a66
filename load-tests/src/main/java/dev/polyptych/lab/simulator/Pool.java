package dev.polyptych.lab.simulator;

import dev.polyptych.lab.simulator.Simulation.SimulatedCluster;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** All waiting jobs in one place, for arms that see everything. */
final class Pool {
  private final SimulatedCluster cluster;
  private final Deque<SimulatedJob> all = new ArrayDeque<>();
  private final List<Deque<SimulatedJob>> byAdapter = new ArrayList<>();
  private final BitSet wanted = new BitSet();

  Pool(SimulatedCluster cluster) {
    this.cluster = cluster;
    for (int adapter = 0; adapter < cluster.adapters(); adapter++) {
      byAdapter.add(new ArrayDeque<>(1));
    }
  }

  void add(SimulatedJob job) {
    all.add(job);
    byAdapter.get(job.adapter).add(job);
    wanted.set(job.adapter);
  }

  /** The job of a lost worker goes to the head. */
  void giveBack(SimulatedJob job) {
    all.addFirst(job);
    byAdapter.get(job.adapter).addFirst(job);
    wanted.set(job.adapter);
  }

  /** Null if no job waits. */
  SimulatedJob oldest() {
    return head(all);
  }

  /** Null if no job waits for the adapter. */
  SimulatedJob oldest(int adapter) {
    if (adapter < 0) {
      return null;
    }
    SimulatedJob oldest = head(byAdapter.get(adapter));
    if (oldest == null) {
      wanted.clear(adapter);
    }
    return oldest;
  }

  /** In order of arrival. Some of them may have begun. */
  Iterator<SimulatedJob> all() {
    return all.iterator();
  }

  /** Adapters for which jobs may wait. */
  BitSet wanted() {
    return wanted;
  }

  /** Number of jobs that wait for an adapter. Jobs that were given back may count twice. */
  int waiting(int adapter) {
    return byAdapter.get(adapter).size();
  }

  /** Wakes the idle worker with the cheapest swap to the job's adapter. */
  void wakeNearest(SimulatedJob job) {
    SimulatedWorker nearest = null;
    for (SimulatedWorker worker : cluster.workers()) {
      if (worker.idle()
          && (nearest == null
              || worker.swapSeconds(job.adapter) < nearest.swapSeconds(job.adapter))) {
        nearest = worker;
      }
    }
    if (nearest != null) {
      cluster.wake().up(nearest);
    }
  }

  /** Jobs that have begun are removed when they reach the head. */
  private static SimulatedJob head(Deque<SimulatedJob> jobs) {
    while (!jobs.isEmpty() && jobs.peek().begun()) {
      jobs.poll();
    }
    return jobs.peek();
  }
}
