package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.TraceParent;

/** Puts a job on its lane; what {@link JobSubmission} needs of the broker. */
public interface LaneWriter {
  /** Whether writing is worth trying now. */
  boolean ready();

  /**
   * How many partitions a lane has. Blocks for some seconds at most.
   *
   * @throws LaneUnavailableException when the broker does not say
   */
  int partitions(Lane lane) throws LaneUnavailableException, InterruptedException;

  /**
   * Blocks until the broker has acknowledged, and says where the record stands.
   *
   * @throws LaneUnavailableException when it has not within a few seconds; the record is in no
   *     buffer of ours any more, but the broker may have it
   */
  QueuePlace write(RenderJob job, String tenant, TraceParent trace, int partition)
      throws LaneUnavailableException, InterruptedException;
}
