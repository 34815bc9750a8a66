package dev.polyptych.dispatcher.health;

/**
 * The conditions for serving.
 *
 * @param open whether the dispatcher is not closing
 */
public record Readiness(boolean open, boolean broker, boolean store) {
  /** Whether the dispatcher can take submissions. */
  public boolean complete() {
    return open && broker && store;
  }
}
