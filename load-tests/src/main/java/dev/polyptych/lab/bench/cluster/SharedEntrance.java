package dev.polyptych.lab.bench.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.polyptych.lab.bench.cluster.Entrance.BenchJobs;
import dev.polyptych.lab.simulator.Replay;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One queue in the bench. The oldest job goes to a free worker, preferably one where its adapter is
 * warm. The bench puts a job on a worker's partition when the worker has drawn the previous one.
 * Safe for all threads.
 */
final class SharedEntrance implements Entrance {
  private final DirectRecords records;
  private final BenchJobs jobs;
  private final RealFleet fleet;

  @GuardedBy("this")
  private final Deque<Waiting> queue = new ArrayDeque<>();

  /** The last adapter of each free worker; empty before its first job. */
  @GuardedBy("this")
  private final Map<String, String> free = new LinkedHashMap<>();

  @GuardedBy("this")
  private final Map<String, String> drawing = new LinkedHashMap<>();

  private record Waiting(int task, long seed) {}

  SharedEntrance(DirectRecords records, BenchJobs jobs, RealFleet fleet) {
    this.records = records;
    this.jobs = jobs;
    this.fleet = fleet;
    for (String worker : fleet.workers()) {
      free.put(worker, "");
    }
  }

  @Override
  public synchronized void submit(int task, long seed) {
    queue.add(new Waiting(task, seed));
    handOut();
  }

  @Override
  public synchronized void drawn(String worker) {
    free.put(worker, drawing.remove(worker));
    handOut();
  }

  @GuardedBy("this")
  private void handOut() {
    while (!queue.isEmpty() && !free.isEmpty()) {
      Waiting job = queue.poll();
      String adapter = Replay.adapter(job.task());
      String worker = nearest(free, adapter);
      free.remove(worker);
      drawing.put(worker, adapter);
      records.send(jobs.job(job.task(), job.seed()), fleet.ownership().of(worker).getFirst());
    }
  }

  /** A free worker whose last adapter was this one; otherwise the first free worker. */
  private static String nearest(Map<String, String> free, String adapter) {
    return free.entrySet().stream()
        .filter(entry -> entry.getValue().equals(adapter))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseGet(() -> free.keySet().iterator().next());
  }

  @Override
  public void check() {
    records.check();
  }
}
