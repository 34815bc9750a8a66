package dev.polyptych.schema.job;

/**
 * The version of a job's record. A job is produced again for another attempt, for a handover and
 * when its record is lost. Kafka may deliver the earlier record again, so the later version counts.
 *
 * @param edition how often a lost record was replaced
 * @param attempt number of the attempt, from 1 to 9, as in the record's header
 * @param hops how often the job was handed over since then, up to 9
 */
public record RecordVersion(int edition, int attempt, int hops) {
  /** Editions after this one count as this one. */
  public static final int MOST_EDITIONS = 9999;

  /** Of a job's first record. */
  public static final RecordVersion FIRST = new RecordVersion(1, 0);

  private static final int EDITION = 100;
  private static final int ATTEMPT = 10;

  public RecordVersion {
    if (edition < 0
        || edition > MOST_EDITIONS
        || attempt < 1
        || attempt > 9
        || hops < 0
        || hops > 9) {
      throw new IllegalArgumentException(
          "no such version: edition %d, attempt %d, hops %d".formatted(edition, attempt, hops));
    }
  }

  /** Of a record that replaced no lost one. */
  public RecordVersion(int attempt, int hops) {
    this(0, attempt, hops);
  }

  /** The version with this number. */
  public static RecordVersion of(int number) {
    return new RecordVersion(number / EDITION, number / ATTEMPT % ATTEMPT, number % ATTEMPT);
  }

  /** Greater for a later version. */
  public int number() {
    return edition * EDITION + attempt * ATTEMPT + hops;
  }
}
