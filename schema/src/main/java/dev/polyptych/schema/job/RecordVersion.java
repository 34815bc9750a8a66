package dev.polyptych.schema.job;

/**
 * Which of a job's records one is. A job is produced again for another try or when it is handed
 * over; the record before may be delivered once more all the same, and of two the later edition
 * counts.
 *
 * @param attempt number of the try, from 1, as its header says
 * @param hops how often the job was handed over, up to 9
 */
public record RecordVersion(int attempt, int hops) {
  public RecordVersion {
    if (attempt < 1 || hops < 0 || hops > 9) {
      throw new IllegalArgumentException("no edition: attempt " + attempt + ", hops " + hops);
    }
  }

  /** Greater for a later edition. */
  public int number() {
    return attempt * 10 + hops;
  }
}
