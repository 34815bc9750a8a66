package dev.polyptych.bench.cluster;

import dev.polyptych.schema.routing.PartitionRanking;
import dev.polyptych.simulator.Replay;

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
