package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** How far a callback has come. */
public enum CallbackState {
  /** To be tried, now or again. */
  @JsonProperty("pending")
  PENDING,
  /** Its receiver answered 2xx. */
  @JsonProperty("delivered")
  DELIVERED,
  /** Its time is over, or its receiver answered 410. */
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
