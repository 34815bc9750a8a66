package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.dispatcher.admission.AdmittedJob;

/** Puts a job on its lane; what {@link JobQueue} needs of the broker. */
public interface LaneWriter {
  /** Whether writing is worth trying now. */
  boolean ready();

  /**
   * Blocks until the broker has acknowledged.
   *
   * @throws BrokerUnavailableException when it has not within a few seconds; the record is in no
   *     buffer of ours any more, but the broker may have it
   */
  void write(AdmittedJob job, String tenant, TraceParent trace)
      throws BrokerUnavailableException, InterruptedException;
}
