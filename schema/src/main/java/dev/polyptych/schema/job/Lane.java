package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** How urgent a job is; each lane is a Kafka topic of its own. */
public enum Lane {
  @JsonProperty("interactive")
  INTERACTIVE,
  @JsonProperty("batch")
  BATCH;

  /** As written in messages, metrics and topic names. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The lane with this text.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Lane of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
