package dev.polyptych.lab.drill;

import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Member;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import java.time.Duration;
import java.time.Instant;

/**
 * Lets a worker stand still until its job has moved to another one and is done, and then go on: its
 * late end must count for nothing, and it must go back to work.
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

  /** A worker renders one job after another: once it has done a later one, the old one is over. */
  private void awaitAtWork(Member zombie, Instant back) throws InterruptedException {
    Await.until(
        zombie.id() + " to do a job after it stood still",
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
          "a late end changed what was settled: %s became %s".formatted(done, now));
    }
  }
}
