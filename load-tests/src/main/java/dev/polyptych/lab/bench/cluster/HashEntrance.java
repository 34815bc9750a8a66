package dev.polyptych.lab.bench.cluster;

import dev.polyptych.lab.simulator.Replay;
import dev.polyptych.policy.routing.PartitionRanking;

/** The partition from the adapter's hash alone. */
record HashEntrance(DirectRecords records, BenchJobs jobs, int partitions) implements Entrance {
  @Override
  public void submit(int task, long seed) {
    String adapter = Replay.adapter(task);
    records.send(jobs.job(task, seed), adapter, PartitionRanking.first(adapter, partitions));
  }

  @Override
  public void check() {
    records.check();
  }
}
