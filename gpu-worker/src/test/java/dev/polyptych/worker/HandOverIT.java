package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.Eventually;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.RenderJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class HandOverIT {
  @AutoClose private final Bench bench = Bench.shared();

  @Test
  void eachAdapterStaysOnOneOfTwoWorkersAndEveryJobIsRenderedOnce() throws Exception {
    // Given
    PaintingEngine one = PaintingEngine.eager();
    PaintingEngine two = PaintingEngine.eager();
    startPair(one, two);
    List<RenderJob> jobs = new ArrayList<>();
    // When
    for (int round = 0; round < 3; round++) {
      for (String task : CatalogFile.builtIn("tiny").taskIds()) {
        jobs.add(bench.submit(task, round, 2));
      }
    }
    // Then
    for (RenderJob job : jobs) {
      bench.awaitState(job.id(), JobState.DONE);
      assertEquals(1, doneEvents(job));
    }
    assertEquals(jobs.size(), one.begun().size() + two.begun().size());
    Set<String> shared = new HashSet<>(one.swaps());
    shared.retainAll(two.swaps());
    assertEquals(Set.of(), shared);
    assertTrue(!one.swaps().isEmpty() && !two.swaps().isEmpty(), "one worker did everything");
  }

  @Test
  void aWorkerThatClosesHandsItsRunningAndItsWaitingJobsToTheOther() throws Exception {
    // Given two workers, and on the first a job that is being drawn and one that waits
    PaintingEngine slow = PaintingEngine.slow(Duration.ofMillis(20));
    Worker first = bench.start("w1", slow);
    RenderJob running = bench.submit("film-storyboard", 1, 100);
    Eventually.until("it is being drawn", () -> slow.begun().contains(running.id()));
    RenderJob waiting = bench.submit("film-storyboard", 2, 2);
    bench.begin("w2", PaintingEngine::eager);
    long begin = System.nanoTime();
    // When
    first.close();
    // Then
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertTrue(took.toSeconds() < 10, "closing took " + took);
    assertTrue(slow.closed());
    for (RenderJob job : List.of(running, waiting)) {
      bench.awaitState(job.id(), JobState.DONE);
      JobStatus status = bench.store.status(job.id()).orElseThrow();
      assertEquals("w2", status.worker().orElseThrow());
      assertEquals(1, doneEvents(job));
    }
  }

  @Test
  void aRunningJobMayEndThoughItsPartitionGoesToANewWorker() throws Exception {
    // Given
    PaintingEngine slow = PaintingEngine.slow(Duration.ofMillis(20));
    Worker first = bench.start("w1", slow);
    List<RenderJob> jobs = new ArrayList<>();
    for (String task : CatalogFile.builtIn("tiny").taskIds()) {
      jobs.add(bench.submit(task, 1, 10));
    }
    Eventually.until("it draws", () -> !slow.begun().isEmpty());
    // When
    PaintingEngine eager = PaintingEngine.eager();
    Worker second = bench.begin("w2", () -> eager);
    // Then
    for (RenderJob job : jobs) {
      bench.awaitState(job.id(), JobState.DONE);
      assertEquals(1, doneEvents(job));
    }
    assertEquals(jobs.size(), slow.begun().size() + eager.begun().size());
    Eventually.until("shared", () -> first.partitions().size() == second.partitions().size());
  }

  private void startPair(PaintingEngine one, PaintingEngine two) throws Exception {
    Worker first = bench.start("w1", one);
    Worker second = bench.start("w2", two);
    int half = Bench.PARTITIONS / 2;
    Eventually.until(
        "each has half of the partitions",
        () -> first.partitions().size() == half && second.partitions().size() == half);
  }

  private long doneEvents(RenderJob job) {
    return bench.results.events(job.id(), "").stream()
        .map(JobEvent::state)
        .filter(state -> state == JobState.DONE)
        .count();
  }
}
