package dev.polyptych.schema.job;

/**
 * The version of a job's record. A job is produced again for another attempt and for a handover.
 * Kafka may deliver the earlier record again, so the later version counts.
 *
 * @param attempt number of the attempt, from 1, as in the record's header
 * @param hops how often the job was handed over, up to 9
 */
public record RecordVersion(int attempt, int hops) {
  public RecordVersion {
    if (attempt < 1 || hops < 0 || hops > 9) {
      throw new IllegalArgumentException("no such version: attempt " + attempt + ", hops " + hops);
    }
  }

  /** Greater for a later version. */
  public int number() {
    return attempt * 10 + hops;
  }
}
