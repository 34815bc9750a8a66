package dev.polyptych.schema.config;

import java.time.Duration;

/**
 * How long the parts of a settled job are kept.
 *
 * @param results time for the images
 * @param records time for the job's record and events; at least {@code results}, so that a reader
 *     can distinguish expired images from an unknown job
 * @param tombstones time for the outcome alone; at least {@code records}, so that a reader can
 *     distinguish an expired record from an unknown job
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
