package dev.polyptych.lab.drill;

import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Children.Member;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A worker that was stopped (SIGSTOP) in the middle of a job's steps.
 *
 * @param job its status at that time
 */
record Catch(Member worker, JobStatus job) {
  private static final Duration WITHIN = Duration.ofMinutes(3);

  /** What the worker had sent before it was stopped has reached Redis by then. */
  private static final long UNDER_WAY_MILLIS = 500;

  /** With a larger share, too few jobs would be seen before their half. */
  private static final double LATEST_SHARE = 0.35;

  /**
   * Waits for such a worker and stops it. Only first attempts are used, because a job has few
   * attempts.
   */
  static Catch next(Stage stage) throws InterruptedException {
    double share = ThreadLocalRandom.current().nextDouble(LATEST_SHARE);
    return Await.until("a job in the middle of its steps", WITHIN, () -> look(stage, share));
  }

  private static Optional<Catch> look(Stage stage, double share) throws InterruptedException {
    for (JobStatus seen : stage.api().jobs(JobState.RENDERING)) {
      Optional<Member> worker = seen.worker().flatMap(stage.cluster()::worker);
      if (inTheMiddle(seen, share) && worker.isPresent()) {
        worker.get().child().suspend();
        TimeUnit.MILLISECONDS.sleep(UNDER_WAY_MILLIS);
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
   * Whether a job is past its first step and a share of its steps, and not past its half.
   *
   * @param share random, so that some jobs are before their first checkpoint and some after it
   */
  static boolean inTheMiddle(JobStatus job, double share) {
    return job.state() == JobState.RENDERING
        && job.attempt() == 1
        && job.step() >= Math.max(1, share * job.steps())
        && 2 * job.step() <= job.steps();
  }

  /**
   * The job's status after another attempt has finished it.
   *
   * @throws DrillFailedException if the stopped attempt finished it
   */
  JobStatus doneByAnother(Stage stage) throws InterruptedException {
    JobStatus done = stage.jobs().awaitDone(job.id());
    if (done.attempt() <= job.attempt()) {
      throw new DrillFailedException(
          "job %s was done by the attempt that was stopped at step %d"
              .formatted(job.id(), job.step()));
    }
    return done;
  }
}
