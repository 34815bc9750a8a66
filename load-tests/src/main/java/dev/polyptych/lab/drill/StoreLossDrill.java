package dev.polyptych.lab.drill;

import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Children.Member;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Redis or the broker loses what it has acknowledged. All jobs of a burst must be done; some of
 * them are drawn twice.
 *
 * @param loss submits the burst, and causes the loss; returns the ids of the jobs
 */
record StoreLossDrill(Stage stage, Loss loss) implements Drill {
  private static final int BURST = 12;
  private static final int STEPS = 20;
  private static final Duration WITHIN = Duration.ofMinutes(2);

  /** What a copy of Redis lacks. */
  private static final long LOST_SECONDS = 5;

  /** Causes a loss. */
  interface Loss {
    List<String> of(Stage stage) throws InterruptedException;
  }

  @Override
  public Incident run() throws InterruptedException {
    List<String> burst = loss.of(stage);
    long begun = System.nanoTime();
    stage.cluster().complete();
    stage.probe();
    int further = 0;
    for (String id : burst) {
      JobStatus done = stage.jobs().awaitDone(id);
      further += done.attempt() - 1;
    }
    Incident since = Incident.since(begun);
    return new Incident(since.recovery(), further, 0);
  }

  /** A loss that hits a burst of which one job is done. */
  static Loss burstThen(Runnable shock) {
    return stage -> {
      List<String> burst = submitted(stage);
      stage.jobs().awaitDone(burst.getFirst());
      shock.run();
      return burst;
    };
  }

  static List<String> rewind(Stage stage) throws InterruptedException {
    stage.backends().copyRedis();
    TimeUnit.SECONDS.sleep(LOST_SECONDS);
    return burstThen(stage.backends()::restoreRedis).of(stage);
  }

  static List<String> failOver(Stage stage) throws InterruptedException {
    stage.backends().startSilentReplica();
    TimeUnit.SECONDS.sleep(LOST_SECONDS);
    return burstThen(() -> stage.wires().redis().leadTo(stage.backends().promoteReplica()))
        .of(stage);
  }

  static List<String> deleteRecords(Stage stage) throws InterruptedException {
    return unreadThen(stage, stage.backends()::deleteRecords);
  }

  static List<String> deleteLanes(Stage stage) throws InterruptedException {
    List<String> burst = unreadThen(stage, stage.backends()::deleteLanes);
    Await.until(
        "the dispatcher to see that the lanes are gone",
        WITHIN,
        () -> Await.when(!stage.jobs().takenAtOnce()));
    stage.backends().makeLanes();
    return burst;
  }

  /**
   * A loss that hits a burst of which workers have read little: they are stopped (SIGSTOP) for as
   * long as it takes, and go on with what they have read.
   */
  private static List<String> unreadThen(Stage stage, Runnable shock) throws InterruptedException {
    List<Member> workers = stage.cluster().workers();
    for (Member worker : workers) {
      worker.child().suspend();
    }
    try {
      List<String> burst = submitted(stage);
      shock.run();
      return burst;
    } finally {
      for (Member worker : workers) {
        worker.child().resume();
      }
    }
  }

  private static List<String> submitted(Stage stage) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < BURST; i++) {
      ids.add(stage.jobs().submit(i % 2 == 0 ? Lane.BATCH : Lane.INTERACTIVE, STEPS));
    }
    return ids;
  }
}
