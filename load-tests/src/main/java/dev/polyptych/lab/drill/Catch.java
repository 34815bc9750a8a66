package dev.polyptych.lab.drill;

import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Member;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A worker that stands still in the middle of a job's steps.
 *
 * @param job its status as of then
 */
record Catch(Member worker, JobStatus job) {
  private static final Duration WITHIN = Duration.ofMinutes(3);

  /** Beyond it too few jobs would be seen in time before the half. */
  private static final double LATEST_SHARE = 0.35;

  /** Waits for one and stops it. A job is caught once only: it has but a few attempts. */
  static Catch next(Stage stage) throws InterruptedException {
    double share = ThreadLocalRandom.current().nextDouble(LATEST_SHARE);
    return Await.until("a job in the middle of its steps", WITHIN, () -> look(stage, share));
  }

  private static Optional<Catch> look(Stage stage, double share) throws InterruptedException {
    for (JobStatus seen : stage.api().jobs(JobState.RENDERING)) {
      Optional<Member> worker = seen.worker().flatMap(stage.cluster()::worker);
      if (inTheMiddle(seen, share) && worker.isPresent()) {
        worker.get().child().standStill();
        Optional<JobStatus> now = stage.api().status(seen.id());
        if (now.filter(
                status -> inTheMiddle(status, share) && status.worker().equals(seen.worker()))
            .isPresent()) {
          return Optional.of(new Catch(worker.get(), now.get()));
        }
        worker.get().child().resume();
      }
    }
    return Optional.empty();
  }

  /**
   * Past the first step and a share of them all, and not so far that the end may be on its way.
   *
   * @param share by chance, so that some are caught before their first checkpoint and some after it
   */
  static boolean inTheMiddle(JobStatus job, double share) {
    return job.state() == JobState.RENDERING
        && job.attempt() == 1
        && job.step() >= Math.max(1, share * job.steps())
        && 2 * job.step() <= job.steps();
  }

  /**
   * The job's status once another attempt has done it.
   *
   * @throws DrillFailedException when it was this one, which stands still
   */
  JobStatus doneByAnother(Stage stage) throws InterruptedException {
    JobStatus done = stage.jobs().awaitDone(job.id());
    if (done.attempt() <= job.attempt()) {
      throw new DrillFailedException(
          "job %s was done by the attempt that stood still at step %d"
              .formatted(job.id(), job.step()));
    }
    return done;
  }
}
