package dev.polyptych.lab.drill;

import dev.polyptych.lab.drill.Drill.Incident;
import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.process.Await;
import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Kills the dispatcher while jobs are being submitted. Every accepted job must be done. A job that
 * was submitted again because there was no answer must be done exactly once.
 */
record DispatcherDrill(Stage stage) implements Drill {
  private static final int BURST = 16;
  private static final Duration FIRST_WITHIN = Duration.ofMinutes(1);

  @Override
  public Incident run() throws InterruptedException {
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<String>> burst = new ArrayList<>();
      for (int i = 0; i < BURST; i++) {
        burst.add(CompletableFuture.supplyAsync(this::submitted, callers));
      }
      Await.until(
          "the first of a burst of jobs to be accepted",
          FIRST_WITHIN,
          () -> Await.when(burst.stream().anyMatch(CompletableFuture::isDone)));
      long begun = System.nanoTime();
      stage.cluster().killDispatcher();
      stage.cluster().startDispatcher(Map.of());
      stage.probe();
      Incident incident = Incident.since(begun);
      for (CompletableFuture<String> id : burst) {
        stage.jobs().awaitDone(id.join());
      }
      return incident;
    }
  }

  private String submitted() {
    try {
      return stage.jobs().submit(Lane.BATCH, 1);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new CompletionException(stopping);
    }
  }
}
