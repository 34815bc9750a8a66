package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/**
 * Some callbacks, those of the newest jobs first.
 *
 * @param cursor where to continue; empty if there are no older callbacks
 */
public record CallbackPage(
    @JsonProperty("v") int version, List<Callback> callbacks, Optional<String> cursor) {
  public CallbackPage {
    callbacks = List.copyOf(callbacks);
  }
}
