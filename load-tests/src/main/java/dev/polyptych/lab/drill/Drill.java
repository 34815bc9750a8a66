package dev.polyptych.lab.drill;

/** Breaks one thing in one way. */
interface Drill {
  /**
   * Breaks it once and sees that the cluster bears it. Called with everything there and ready; may
   * leave workers or the dispatcher missing.
   *
   * @throws DrillFailedException when the cluster does not bear it
   */
  Incident run() throws InterruptedException;
}
