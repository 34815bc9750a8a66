package dev.polyptych.policy.routing;

import java.util.Optional;

/**
 * What an operator wants for one adapter.
 *
 * @param pin the partition that all its jobs go to, whatever its load
 * @param minimumWidth workers in its spread, at least
 */
public record TaskRouting(Optional<Integer> pin, int minimumWidth) {
  /** Nothing in particular. */
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
