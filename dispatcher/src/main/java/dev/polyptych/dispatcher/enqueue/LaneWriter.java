package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.dispatcher.admission.AdmittedJob;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.topic.TraceParent;

/** Puts a job on its lane; what {@link JobSubmission} needs of the broker. */
public interface LaneWriter {
  /** Whether writing is worth trying now. */
  boolean ready();

  /**
   * Blocks until the broker has acknowledged, and says where the record stands.
   *
   * @throws BrokerUnavailableException when it has not within a few seconds; the record is in no
   *     buffer of ours any more, but the broker may have it
   */
  QueuePlace write(AdmittedJob job, String tenant, TraceParent trace)
      throws BrokerUnavailableException, InterruptedException;
}
