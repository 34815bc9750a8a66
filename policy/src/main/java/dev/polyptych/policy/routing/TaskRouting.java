package dev.polyptych.policy.routing;

import java.util.Optional;

/**
 * What an operator has configured for one adapter.
 *
 * @param pin the partition of all its jobs, whatever its load
 * @param minimumWidth minimal number of workers in its spread
 */
public record TaskRouting(Optional<Integer> pin, int minimumWidth) {
  /** No configuration. */
  public static final TaskRouting AUTOMATIC = new TaskRouting(Optional.empty(), 1);

  public TaskRouting {
    if (minimumWidth < 1) {
      throw new IllegalArgumentException("minimumWidth: must be at least 1");
    }
    if (pin.filter(partition -> partition < 0).isPresent()) {
      throw new IllegalArgumentException("pin: must be a partition, 0 or more");
    }
  }
}
