package dev.polyptych.lab.drill;

import dev.polyptych.embedded.FreePort;
import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.lab.drill.Drill.Incident;
import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.ChildJava;
import dev.polyptych.lab.process.Children;
import dev.polyptych.lab.process.Children.Child;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A second {@code up} on the data folder of one that runs must refuse and harm nothing. Then
 * SIGTERM ends the first in the middle of a job: started again, it must finish that job from its
 * checkpoint. The two run beside the cluster of the other drills.
 */
record SecondUpDrill(Stage stage, Path folder, List<Task> tasks) implements Drill {
  private static final Duration WITHIN = Duration.ofMinutes(3);

  private static final Pattern WORKER_PORT = Pattern.compile(":(\\d+)/metrics \\(worker\\)");

  /** The most that a job may have, so that SIGTERM finds it unfinished. */
  private static final int STEPS = 100;

  /** On a busy machine a job may end before SIGTERM is noticed. */
  private static final int TRIES = 5;

  @Override
  public Incident run() throws InterruptedException {
    Path data = folder.resolve("up-" + UUID.randomUUID());
    int port = FreePort.next();
    try (Children children = new Children(folder.resolve("logs"));
        DrillClient api = new DrillClient(URI.create("http://127.0.0.1:" + port))) {
      Child first = start(children, "up-first", data, port);
      awaitAnswer(api, first);
      refused(start(children, "up-second-" + UUID.randomUUID(), data, FreePort.next()));
      Child up = first;
      for (int i = 0; i < TRIES; i++) {
        String id = submitted(api);
        JobStatus before = Await.until("the job to be drawn", WITHIN, () -> drawn(api, id));
        terminated(up);
        long begun = System.nanoTime();
        up = start(children, "up-again-" + UUID.randomUUID(), data, port);
        awaitAnswer(api, up);
        JobStatus done = Await.until("the job to end", WITHIN, () -> ended(api, id));
        if (done.attempt() > before.attempt()) {
          Duration recovery = Duration.ofNanos(System.nanoTime() - begun);
          return resumed(up, api, before, done, recovery);
        }
      }
      throw new DrillFailedException(
          "%d jobs ended before the up that drew them did".formatted(TRIES));
    }
  }

  private static Incident resumed(
      Child up, DrillClient api, JobStatus before, JobStatus done, Duration recovery)
      throws InterruptedException {
    long resumed = api.counter(workerPort(up), DrillCluster.RESUMED);
    terminated(up);
    if (done.state() != JobState.DONE || resumed != 1) {
      throw new DrillFailedException(
          "the job of an up that was ended after step %d ended %s; %d jobs were resumed"
              .formatted(before.step(), done.state().text(), resumed));
    }
    return new Incident(recovery, done.attempt() - before.attempt(), resumed);
  }

  private static Child start(Children children, String name, Path data, int port) {
    List<String> line =
        new ArrayList<>(
            ChildJava.polyptych(
                "up",
                Map.of(
                    "port", Integer.toString(port),
                    "managementPort", "0",
                    "intraOpThreads", "1",
                    "checkpointSeconds", "0")));
    line.addAll(List.of("--data", data.toString()));
    return children.start(name, line, Map.of());
  }

  private static void awaitAnswer(DrillClient api, Child up) throws InterruptedException {
    Await.until(
        "up to answer; see " + up.log(),
        WITHIN,
        () -> {
          if (!up.alive()) {
            throw new DrillFailedException("up ended by itself; see " + up.log());
          }
          return Await.when(api.answers());
        });
  }

  private static void refused(Child second) throws InterruptedException {
    if (!second.process().waitFor(WITHIN.toSeconds(), TimeUnit.SECONDS)) {
      throw new DrillFailedException("a second up on the same folder runs; see " + second.log());
    }
    String said = read(second.log());
    if (second.process().exitValue() == 0 || !said.contains("already running here")) {
      throw new DrillFailedException(
          "a second up ended with status %d and did not say what runs: %s"
              .formatted(second.process().exitValue(), said));
    }
  }

  private String submitted(DrillClient api) throws InterruptedException {
    byte[] job = Jobs.body(tasks.getFirst(), 1, STEPS, Lane.INTERACTIVE);
    String key = UUID.randomUUID().toString();
    return Await.until("a job to be accepted", WITHIN, () -> api.submit(job, key));
  }

  /** A step is enough: a checkpoint is kept after each. */
  private static Optional<JobStatus> drawn(DrillClient api, String id) throws InterruptedException {
    return api.status(id).filter(job -> job.state().terminal() || job.step() >= 2);
  }

  private static Optional<JobStatus> ended(DrillClient api, String id) throws InterruptedException {
    return api.status(id).filter(job -> job.state().terminal());
  }

  /** SIGTERM, as a supervisor sends it. Ctrl-C takes the same way. */
  private static void terminated(Child up) throws InterruptedException {
    up.process().destroy();
    if (!up.process().waitFor(WITHIN.toSeconds(), TimeUnit.SECONDS)) {
      throw new DrillFailedException("up does not end after SIGTERM; see " + up.log());
    }
  }

  /** From the addresses that it prints, the latest. */
  private static int workerPort(Child up) {
    return WORKER_PORT
        .matcher(read(up.log()))
        .results()
        .reduce((one, next) -> next)
        .map(found -> Integer.parseInt(found.group(1)))
        .orElseThrow(() -> new DrillFailedException("up prints no addresses; see " + up.log()));
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
