package dev.polyptych.worker.render;

import java.util.Optional;

/**
 * What the render thread is at.
 *
 * @param adapter the warm one
 * @param streak jobs rendered in a row with it
 * @param job the one being rendered
 * @param stepSeconds recent mean of a step; 0 before the first
 * @param residency of the adapters
 */
public record RenderStatus(
    Optional<String> adapter,
    int streak,
    Optional<String> job,
    double stepSeconds,
    Residency residency) {
  static final RenderStatus IDLE =
      new RenderStatus(Optional.empty(), 0, Optional.empty(), 0, Residency.NONE);
}
