package dev.polyptych.dispatcher.config;

import dev.polyptych.dispatcher.address.AddressRange;
import java.time.Duration;
import java.util.List;

/**
 * The settings of callbacks.
 *
 * @param secrets each {@code whsec_} and base 64; callbacks are signed with all of them; without
 *     any, jobs can't have a callback
 * @param allowed addresses that callbacks may reach even though they are not public
 * @param retryFor how long a callback is tried before the dispatcher gives up
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
