package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.Eventually;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.worker.render.PanelSetEngine;
import dev.polyptych.worker.render.flux.FluxPanelSetEngine;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CheckpointIT {
  private static final int STEPS = 8;

  private final AtomicReference<StoppableEngine> second = new AtomicReference<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  @AutoClose private final Bench bench = Bench.shared();

  @Test
  void whatADyingWorkerLeftIsGoneOnWithToTheSameBits() throws Exception {
    // Given a worker that dies at step 5, its last checkpoint being stored
    CountDownLatch kill = new CountDownLatch(1);
    begin("w1", "0", step -> dieAt(step, kill));
    RenderJob job = bench.submit("film-storyboard", 7, STEPS);
    Eventually.until("checkpoint 5", () -> "5".equals(field(job, "checkpointStep")));
    beginSecond();
    // When
    kill.countDown();
    bench.awaitState(job.id(), JobState.DONE);
    // Then
    assertResumed(job, 5, 2);
  }

  @Test
  void aWorkerThatIsStoppedHandsOnEveryStepItHasDone() throws Exception {
    // Given a worker whose first checkpoint would be due long after
    Worker first = begin("w1", "3600", step -> slowly(step));
    RenderJob job = bench.submit("film-storyboard", 7, STEPS);
    assertTrue(begun.await(60, TimeUnit.SECONDS));
    beginSecond();
    // When
    first.close();
    bench.awaitState(job.id(), JobState.DONE);
    // Then
    assertResumed(job, second.get().startedAt().getFirst(), 2);
    assertTrue(second.get().startedAt().getFirst() >= 2, second.get().startedAt()::toString);
  }

  private void assertResumed(RenderJob job, int step, int attempt) throws Exception {
    JobStatus status = bench.store.status(job.id()).orElseThrow();
    assertEquals("w2", status.worker().orElseThrow());
    assertEquals(attempt, status.attempt());
    assertEquals(step, second.get().startedAt().getFirst());
    String key = "job:{" + job.id() + "}:checkpoint";
    assertEquals(false, bench.redis.<Boolean>call(jedis -> jedis.exists(key)), "it is left");
    RenderJob undisturbed = bench.submit("film-storyboard", 7, STEPS);
    bench.awaitState(undisturbed.id(), JobState.DONE);
    assertEquals(0, second.get().startedAt().getLast());
    for (int panel = 1; panel <= job.layout().panels(); panel++) {
      assertArrayEquals(
          bench.results.panel(undisturbed.id(), panel).orElseThrow(),
          bench.results.panel(job.id(), panel).orElseThrow());
    }
  }

  private Worker begin(String id, String checkpointSeconds, IntConsumer beforeStep)
      throws Exception {
    Worker worker = bench.begin(id, source(beforeStep, new AtomicReference<>()), checkpointSeconds);
    worker.awaitReady(Duration.ofSeconds(60));
    return worker;
  }

  private void beginSecond() {
    bench.begin("w2", source(step -> {}, second), "5");
  }

  private static PanelSetEngine.Source source(
      IntConsumer beforeStep, AtomicReference<StoppableEngine> opened) {
    return () -> {
      PanelSetEngine tiny = FluxPanelSetEngine.source(Bench.tinyEngine()).open();
      opened.set(new StoppableEngine(tiny, beforeStep));
      return opened.get();
    };
  }

  /** An error that no job is blamed for. */
  private static void dieAt(int step, CountDownLatch kill) {
    if (step == 5) {
      PaintingEngine.hold(kill);
      throw new AssertionError("the worker dies, as the test wants it");
    }
  }

  private void slowly(int step) {
    if (step == 2) {
      begun.countDown();
    }
    PaintingEngine.pause(Duration.ofMillis(step < 2 ? 0 : 1500));
  }

  private String field(RenderJob job, String name) {
    return bench.redis.call(jedis -> jedis.hget("job:{" + job.id() + "}", name));
  }
}
