package dev.polyptych.lab.drill;

import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.lab.drill.Drill.Incident;
import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Children.Member;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import java.time.Duration;
import java.time.Instant;

/**
 * Stops a worker (SIGSTOP) until another worker has done its job, and then lets it continue. Its
 * late result must have no effect, and it must work again.
 */
record ZombieDrill(Stage stage) implements Drill {
  private static final Duration BACK_WITHIN = Duration.ofMinutes(3);

  @Override
  public Incident run() throws InterruptedException {
    Catch caught = Catch.next(stage);
    Member zombie = caught.worker();
    long begun = System.nanoTime();
    long resumedBefore = stage.cluster().resumed(zombie);
    try {
      JobStatus done = caught.doneByAnother(stage);
      Duration recovery = Duration.ofNanos(System.nanoTime() - begun);
      long resumed = stage.cluster().resumed(zombie) - resumedBefore;
      Instant back = Instant.now();
      zombie.child().resume();
      awaitAtWork(zombie, back);
      checkUnchanged(done);
      return new Incident(recovery, done.attempt() - caught.job().attempt(), resumed);
    } finally {
      zombie.child().resume();
    }
  }

  /**
   * A worker renders one job at a time. When it has done a later job, it no longer works on the old
   * one.
   */
  private void awaitAtWork(Member zombie, Instant back) throws InterruptedException {
    Await.until(
        zombie.id() + " to do a job after it was stopped",
        BACK_WITHIN,
        () ->
            stage.api().jobs(JobState.DONE).stream()
                .filter(job -> job.worker().filter(zombie.id()::equals).isPresent())
                .filter(job -> job.times().started().filter(back::isBefore).isPresent())
                .findFirst());
  }

  private void checkUnchanged(JobStatus done) throws InterruptedException {
    JobStatus now =
        Await.until(
            "the status of job " + done.id(), BACK_WITHIN, () -> stage.api().status(done.id()));
    if (!now.equals(done)) {
      throw new DrillFailedException(
          "a late result changed a settled job: %s became %s".formatted(done, now));
    }
  }
}
