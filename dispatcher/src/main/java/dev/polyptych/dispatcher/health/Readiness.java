package dev.polyptych.dispatcher.health;

/**
 * What it takes to serve.
 *
 * @param open not closing
 */
public record Readiness(boolean open, boolean broker, boolean store) {
  /** Whether submissions can be taken. */
  public boolean complete() {
    return open && broker && store;
  }
}
