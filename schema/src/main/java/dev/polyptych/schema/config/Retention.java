package dev.polyptych.schema.config;

import java.time.Duration;

/**
 * How long a settled job is kept.
 *
 * @param results image bytes
 * @param records the job's record with its outcome, and its events; longer, so that "expired" can
 *     be told from "unknown"
 * @param tombstones the outcome alone; longer still, so that "gone" can be told from "unknown"
 */
public record Retention(Duration results, Duration records, Duration tombstones) {
  public static final Retention DEFAULT =
      new Retention(Duration.ofHours(24), Duration.ofDays(7), Duration.ofDays(30));

  public Retention {
    if (results.isNegative()
        || results.isZero()
        || records.compareTo(results) < 0
        || tombstones.compareTo(records) < 0) {
      throw new IllegalArgumentException(
          "retention: results must be positive, records and tombstones each at least as long");
    }
  }
}
