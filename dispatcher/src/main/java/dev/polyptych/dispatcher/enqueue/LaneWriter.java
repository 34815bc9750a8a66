package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.topic.TraceParent;
import dev.polyptych.store.NewJob;

/** Writes a job to its lane: the part of the broker that {@link JobSubmission} needs. */
public interface LaneWriter {
  /** Whether a write can succeed now. */
  boolean ready();

  /** Whether a write to the lanes of this base can. */
  boolean ready(String base);

  /**
   * How many partitions a lane of a base has. Blocks for a few seconds at most.
   *
   * @throws LaneUnavailableException if the broker does not answer
   */
  int partitions(String base, Lane lane) throws LaneUnavailableException, InterruptedException;

  /**
   * Blocks until the broker has acknowledged. Returns the record's partition and offset.
   *
   * @param version of the record
   * @throws LaneUnavailableException if it has not acknowledged within a few seconds; our buffers
   *     no longer hold the record, but the broker may have it
   */
  QueuePlace write(NewJob job, RecordVersion version, TraceParent trace, int partition)
      throws LaneUnavailableException, InterruptedException;
}
