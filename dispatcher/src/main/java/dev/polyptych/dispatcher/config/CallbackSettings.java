package dev.polyptych.dispatcher.config;

import dev.polyptych.dispatcher.address.AddressRange;
import java.time.Duration;
import java.util.List;

/**
 * How callbacks are made.
 *
 * @param secrets each {@code whsec_} and base 64; callbacks are signed with all of them, and
 *     without any jobs can't have one
 * @param allowed addresses that callbacks may go to though they are not public
 * @param retryFor how long a callback is tried before it is given up
 */
public record CallbackSettings(
    List<String> secrets, List<AddressRange> allowed, Duration retryFor) {
  public CallbackSettings {
    secrets = List.copyOf(secrets);
    allowed = List.copyOf(allowed);
  }

  /** The secrets are never printed. */
  @Override
  public String toString() {
    return "callbacks with %d secrets, allowed %s, tried for %s"
        .formatted(secrets.size(), allowed, retryFor);
  }
}
