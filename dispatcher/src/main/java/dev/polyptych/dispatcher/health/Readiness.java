package dev.polyptych.dispatcher.health;

/**
 * The conditions for serving.
 *
 * @param open whether the API's port listens and the dispatcher is not closing
 * @param broker whether the lanes can be written
 * @param store whether Redis answers and keeps what it is given
 */
public record Readiness(boolean open, boolean broker, boolean store) {
  /** Whether the dispatcher can take submissions. */
  public boolean complete() {
    return open && broker && store;
  }
}
