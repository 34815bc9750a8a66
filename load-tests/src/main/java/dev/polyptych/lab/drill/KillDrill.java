package dev.polyptych.lab.drill;

import dev.polyptych.schema.job.JobStatus;
import java.time.Duration;
import java.util.Map;

/** Kills a worker in the middle of a job; another one must finish it, from its checkpoint. */
record KillDrill(Stage stage) implements Drill {
  @Override
  public Incident run() throws InterruptedException {
    Catch caught = Catch.next(stage);
    long begun = System.nanoTime();
    Cluster cluster = stage.cluster();
    cluster.killWorker(caught.worker());
    long resumedBefore = cluster.resumed(caught.worker());
    cluster.startWorker(Map.of());
    JobStatus done = caught.doneByAnother(stage);
    Duration recovery = Duration.ofNanos(System.nanoTime() - begun);
    return new Incident(
        recovery,
        done.attempt() - caught.job().attempt(),
        cluster.resumed(caught.worker()) - resumedBefore);
  }
}
