package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Where a job is. {@code accepted → queued → rendering → done | failed | cancelled | expired}, and
 * {@code rendering → queued} when it is handed back or tried again. Terminal states never change.
 */
public enum JobState {
  /** The record exists, the broker has not acknowledged it yet. */
  @JsonProperty("accepted")
  ACCEPTED,
  @JsonProperty("queued")
  QUEUED,
  @JsonProperty("rendering")
  RENDERING,
  @JsonProperty("done")
  DONE,
  @JsonProperty("failed")
  FAILED,
  @JsonProperty("cancelled")
  CANCELLED,
  @JsonProperty("expired")
  EXPIRED;

  public boolean terminal() {
    return switch (this) {
      case ACCEPTED, QUEUED, RENDERING -> false;
      case DONE, FAILED, CANCELLED, EXPIRED -> true;
    };
  }

  /** As written in messages and in the job store. */
  public String text() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  public static JobState of(String text) {
    return valueOf(text.toUpperCase(java.util.Locale.ROOT));
  }
}
