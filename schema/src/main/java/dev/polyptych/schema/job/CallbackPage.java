package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/**
 * Some callbacks, those of the newest jobs first.
 *
 * @param cursor where to go on; empty when there are no older ones
 */
public record CallbackPage(
    @JsonProperty("v") int version, List<Callback> callbacks, Optional<String> cursor) {
  public CallbackPage {
    callbacks = List.copyOf(callbacks);
  }
}
