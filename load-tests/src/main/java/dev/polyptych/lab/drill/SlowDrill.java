package dev.polyptych.lab.drill;

import java.time.Duration;

/** The network to the broker and to Redis is slow for as long as a job takes. */
record SlowDrill(Stage stage) implements Drill {
  /** In each direction; a question waits twice as long for its answer. */
  private static final Duration DELAY = Duration.ofMillis(100);

  @Override
  public Incident run() throws InterruptedException {
    slowDown(DELAY);
    try {
      long begun = System.nanoTime();
      stage.probe();
      return Incident.since(begun);
    } finally {
      slowDown(Duration.ZERO);
    }
  }

  private void slowDown(Duration delay) {
    stage.wires().broker().slowDown(delay);
    stage.wires().redis().slowDown(delay);
  }
}
