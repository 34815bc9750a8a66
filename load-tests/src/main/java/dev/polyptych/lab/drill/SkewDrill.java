package dev.polyptych.lab.drill;

import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Member;
import dev.polyptych.schema.job.JobStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A worker's clock is an hour ahead and the dispatcher's an hour behind, or the other way round in
 * the next one: jobs must be done as ever. The clocks of whole processes are bent by libfaketime.
 */
final class SkewDrill implements Drill {
  private static final Duration DONE_WITHIN = Duration.ofMinutes(3);

  private final Stage stage;
  private final Path library;
  private boolean ahead;

  SkewDrill(Stage stage, Path library) {
    this.stage = stage;
    this.library = library;
  }

  /** Where Debian and others put it. */
  static Optional<Path> library() {
    return Stream.of("x86_64-linux-gnu/faketime", "aarch64-linux-gnu/faketime", "faketime")
        .map(folder -> Path.of("/usr/lib", folder, "libfaketimeMT.so.1"))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  @Override
  public Incident run() throws InterruptedException {
    ahead = !ahead;
    Cluster cluster = stage.cluster();
    long begun = System.nanoTime();
    cluster.endWorker(cluster.oldestWorker());
    cluster.killDispatcher();
    cluster.startDispatcher(environment(!ahead));
    Member worker = cluster.startWorker(environment(ahead));
    try {
      Await.until(
          worker.id() + ", whose clock is wrong, to do a job", DONE_WITHIN, () -> doneBy(worker));
      return Incident.since(begun);
    } finally {
      cluster.endWorker(worker);
      cluster.killDispatcher();
    }
  }

  /** Tasks take turns, and so do the partitions that they go to. */
  private Optional<JobStatus> doneBy(Member worker) throws InterruptedException {
    return Optional.of(stage.probe())
        .filter(job -> job.worker().filter(worker.id()::equals).isPresent());
  }

  /** Timers go by the monotonic clock, which is never set; only the time of day is wrong. */
  private Map<String, String> environment(boolean fast) {
    return Map.of(
        "LD_PRELOAD",
        library.toString(),
        "FAKETIME",
        fast ? "+3600s" : "-3600s",
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "1",
        // Its "fix" of timed waits makes a JVM stand still at its start.
        "FAKETIME_FORCE_MONOTONIC_FIX",
        "0");
  }
}
