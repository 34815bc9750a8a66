package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.schema.job.RenderJob;

/** Says where a job goes. Never blocks; safe for all threads. */
@FunctionalInterface
public interface PartitionChoice {
  /**
   * The partition for a job that is written now.
   *
   * @param partitions of the job's lane
   */
  int partition(RenderJob job, int partitions);
}
