package dev.polyptych.lab.drill;

import dev.polyptych.lab.drill.Drill.Incident;
import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Children.Member;
import dev.polyptych.schema.job.JobStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A worker's clock is an hour ahead and the dispatcher's an hour behind; the next drill swaps them.
 * Jobs must be done as usual. libfaketime changes the clocks of the processes.
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

  /** Its paths on Debian and other systems. */
  static Optional<Path> library() {
    return Stream.of("x86_64-linux-gnu/faketime", "aarch64-linux-gnu/faketime", "faketime")
        .map(folder -> Path.of("/usr/lib", folder, "libfaketimeMT.so.1"))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  @Override
  public Incident run() throws InterruptedException {
    ahead = !ahead;
    DrillCluster cluster = stage.cluster();
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

  /** Each probe uses the next task, so the probes go to different partitions. */
  private Optional<JobStatus> doneBy(Member worker) throws InterruptedException {
    return Optional.of(stage.probe())
        .filter(job -> job.worker().filter(worker.id()::equals).isPresent());
  }

  /** Only the time of day is wrong. Timers use the monotonic clock, which cannot be set. */
  private Map<String, String> environment(boolean fast) {
    return Map.of(
        "LD_PRELOAD",
        library.toString(),
        "FAKETIME",
        fast ? "+3600s" : "-3600s",
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "1",
        // Its "fix" of timed waits blocks a JVM at its start.
        "FAKETIME_FORCE_MONOTONIC_FIX",
        "0");
  }
}
