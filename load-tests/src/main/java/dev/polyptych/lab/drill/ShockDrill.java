package dev.polyptych.lab.drill;

/**
 * Something breaks, or is broken and mended again; a job submitted after it must be done.
 *
 * @param shock returns when what it broke works again, or can be expected to
 */
record ShockDrill(Stage stage, Runnable shock) implements Drill {
  @Override
  public Incident run() throws InterruptedException {
    long begun = System.nanoTime();
    shock.run();
    stage.probe();
    return Incident.since(begun);
  }
}
