package dev.polyptych.lab.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** All waiting jobs in one place, as arms have it that see everything. */
final class Pool {
  private final Cluster cluster;
  private final Deque<SimulatedJob> all = new ArrayDeque<>();
  private final List<Deque<SimulatedJob>> byAdapter = new ArrayList<>();
  private final BitSet wanted = new BitSet();

  Pool(Cluster cluster) {
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

  /** A lost worker's job is the next again. */
  void giveBack(SimulatedJob job) {
    all.addFirst(job);
    byAdapter.get(job.adapter).addFirst(job);
    wanted.set(job.adapter);
  }

  /** Null when nothing waits. */
  SimulatedJob oldest() {
    return head(all);
  }

  /** Null when no job waits for the adapter. */
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

  /** In the order in which they came; some may have begun. */
  Iterator<SimulatedJob> all() {
    return all.iterator();
  }

  /** Adapters that jobs may wait for. */
  BitSet wanted() {
    return wanted;
  }

  /** Jobs that wait for an adapter; those given back may count twice. */
  int waiting(int adapter) {
    return byAdapter.get(adapter).size();
  }

  /** Wakes an idle worker, of those the nearest to the job's adapter. */
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

  /** What has begun leaves when it comes to the head. */
  private static SimulatedJob head(Deque<SimulatedJob> jobs) {
    while (!jobs.isEmpty() && jobs.peek().begun()) {
      jobs.poll();
    }
    return jobs.peek();
  }
}
