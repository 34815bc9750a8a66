package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.Eventually;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.RenderJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class StuckIT {
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch hangs = new CountDownLatch(1);
  @AutoClose private final Bench bench = Bench.shared();

  @AfterEach
  void release() {
    release.countDown();
  }

  @Test
  void aWorkerWhoseStepNeverEndsSaysSoAndLeavesAndAnotherDrawsItsJobs() throws Exception {
    // Given
    PaintingEngine hung =
        new PaintingEngine(
            (job, step) -> {
              hangs.countDown();
              try {
                release.await();
              } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
              }
            });
    Worker first = bench.startWith("w1", hung, "stuckSeconds", "2", "adapterReadSeconds", "1");
    List<RenderJob> jobs = new ArrayList<>();
    for (int seed = 0; seed < 3; seed++) {
      var request = Bench.request("film-storyboard", seed, 2, Optional.empty());
      jobs.add(bench.submitTo(0, request, Map.of()));
    }
    Eventually.await(hangs);
    // When
    bench.begin("w2", PaintingEngine::eager);
    // Then
    Eventually.until("it ends", () -> first.ended().isCompletedExceptionally());
    for (RenderJob job : jobs) {
      bench.awaitState(job.id(), JobState.DONE);
      assertEquals("w2", bench.store.status(job.id()).orElseThrow().worker().orElseThrow());
    }
    assertEquals(Optional.of("step"), bench.heartbeat("w1").abilities().stuck());
    assertTrue(hung.begun().size() == 1, () -> "began " + hung.begun());
  }
}
