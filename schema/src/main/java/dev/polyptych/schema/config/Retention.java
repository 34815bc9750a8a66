package dev.polyptych.schema.config;

import java.time.Duration;

/**
 * How long parts of an ended job are kept.
 *
 * @param results images
 * @param records the job's record with its outcome, and its events; at least as long, so that
 *     "expired" differs from "unknown"
 * @param tombstones the outcome alone; at least as long again, so that "gone" differs from
 *     "unknown"
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
