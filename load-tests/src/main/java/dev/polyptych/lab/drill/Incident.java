package dev.polyptych.lab.drill;

import java.time.Duration;

/**
 * What one fault cost.
 *
 * @param recovery until the cluster did its work again, as {@link DrillKind#recovered} says
 * @param furtherAttempts that the job which was hit needed
 * @param resumed attempts that went on from a checkpoint
 */
public record Incident(Duration recovery, long furtherAttempts, long resumed) {
  /** One that hit no job in particular. */
  static Incident since(long nanos) {
    return new Incident(Duration.ofNanos(System.nanoTime() - nanos), 0, 0);
  }
}
