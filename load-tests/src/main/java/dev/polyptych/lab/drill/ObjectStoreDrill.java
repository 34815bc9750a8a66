package dev.polyptych.lab.drill;

import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Children.Member;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The object store refuses connections for a while, then it is silent for a while. All workers keep
 * their images there. Jobs must be taken meanwhile, no process may end or say that it is not alive,
 * and at the end every job must be done at its first attempt with all its images.
 */
record ObjectStoreDrill(Stage stage, TcpProxy wire) implements Drill {
  /** More jobs than finished sets wait in the workers, so that render threads wait, too. */
  private static final int BURST = 12;

  private static final int STEPS = 10;

  /** Longer than a call of the object store's client, with all its tries. */
  private static final Duration OUTAGE = Duration.ofSeconds(25);

  private static final Duration IMAGES_WITHIN = Duration.ofMinutes(1);

  @Override
  public Incident run() throws InterruptedException {
    List<Member> workers = new ArrayList<>();
    try {
      replaceWorkers(workers);
      stage.probe();
      List<String> jobs = new ArrayList<>();
      wire.refuse();
      try {
        outlast(jobs);
      } finally {
        wire.listen();
      }
      stage.probe();
      wire.silence(true);
      try {
        outlast(jobs);
      } finally {
        wire.silence(false);
      }
      long begun = System.nanoTime();
      Incident incident = new Incident(drawn(jobs, begun), attempts(jobs) - jobs.size(), 0);
      for (String job : jobs) {
        checkImages(job);
      }
      return incident;
    } finally {
      for (Member worker : workers) {
        stage.cluster().endWorker(worker);
      }
    }
  }

  private void replaceWorkers(List<Member> workers) throws InterruptedException {
    DrillCluster cluster = stage.cluster();
    for (Member old : cluster.workers()) {
      cluster.endWorker(old);
      workers.add(cluster.startWorker(Map.of(), Map.of("results", "objects")));
    }
    for (Member worker : workers) {
      cluster.awaitReady(worker);
    }
  }

  /** Submits a burst while the store is away, and waits. */
  private void outlast(List<String> jobs) throws InterruptedException {
    long end = System.nanoTime() + OUTAGE.toNanos();
    for (int i = 0; i < BURST; i++) {
      jobs.add(stage.jobs().submit(i % 2 == 0 ? Lane.BATCH : Lane.INTERACTIVE, STEPS));
    }
    Await.until(
        "the outage to end",
        OUTAGE.plusMinutes(1),
        () -> {
          checkAlive();
          return Await.when(System.nanoTime() > end);
        });
    if (!stage.jobs().takenAtOnce()) {
      throw new DrillFailedException("no job is taken while the object store is away");
    }
  }

  private void checkAlive() throws InterruptedException {
    for (Member member : stage.cluster().members()) {
      if (!stage.api().alive(member.managementPort())) {
        throw new DrillFailedException(
            "%s is not alive while the object store is away; see %s"
                .formatted(member.id(), member.child().log()));
      }
    }
  }

  private Duration drawn(List<String> jobs, long begun) throws InterruptedException {
    for (String job : jobs) {
      stage.jobs().awaitDone(job);
    }
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private long attempts(List<String> jobs) throws InterruptedException {
    long attempts = 0;
    for (String job : jobs) {
      attempts += stage.jobs().awaitDone(job).attempt();
    }
    return attempts;
  }

  private void checkImages(String job) throws InterruptedException {
    JobStatus done = stage.jobs().awaitDone(job);
    List<Path> images = Await.until("the images of " + job, IMAGES_WITHIN, () -> downloaded(done));
    if (images.size() != done.panels() + 1) {
      throw new DrillFailedException(
          "%s has %d images, not %d".formatted(job, images.size(), done.panels() + 1));
    }
  }

  private Optional<List<Path>> downloaded(JobStatus job) throws InterruptedException {
    try {
      Path folder = stage.cluster().folder().resolve("images").resolve(job.id());
      return Optional.of(stage.api().dispatcher().download(job, Files.createDirectories(folder)));
    } catch (IOException missing) {
      return Optional.empty();
    }
  }
}
