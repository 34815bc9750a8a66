package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How urgent a job is; each lane is a Kafka topic of its own. */
public enum Lane {
  @JsonProperty("interactive")
  INTERACTIVE,
  @JsonProperty("batch")
  BATCH;

  /** As written in messages, metrics and topic names. */
  public String text() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
