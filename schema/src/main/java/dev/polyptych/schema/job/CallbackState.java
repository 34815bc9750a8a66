package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** The state of a callback. */
public enum CallbackState {
  /** To be tried, now or again. */
  @JsonProperty("pending")
  PENDING,
  /** Its receiver answered 2xx. */
  @JsonProperty("delivered")
  DELIVERED,
  /** The time for tries is over, or the receiver answered 410. */
  @JsonProperty("given_up")
  GIVEN_UP;

  /** As written in messages and records. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @param text as {@link #text} writes it
   */
  public static CallbackState of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
