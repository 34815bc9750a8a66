package dev.polyptych.schema.registry;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * An adapter that a task or job draws with.
 *
 * @param reference written as {@code name}
 * @param scale strength, from -{@value #LARGEST_SCALE} to {@value #LARGEST_SCALE}
 */
public record ScaledAdapter(@JsonProperty("name") AdapterReference reference, double scale) {
  public static final double LARGEST_SCALE = 4;

  /** The most adapters that one job draws with. */
  public static final int MOST = 4;

  /**
   * @throws IllegalArgumentException if the scale is out of range
   */
  public ScaledAdapter {
    if (!(Math.abs(scale) <= LARGEST_SCALE)) {
      throw new IllegalArgumentException(
          "scale: must be from -%s to %s, not %s".formatted(LARGEST_SCALE, LARGEST_SCALE, scale));
    }
  }
}
