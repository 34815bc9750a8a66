package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.Eventually;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.WorkerDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a worker tells of its adapters: on its management port, and in its heartbeats. */
class AffinityIT {
  private static final String WARM = "film-storyboard";
  private static final String OTHER = "couple-profile";

  @AutoClose private final Bench bench = Bench.shared();

  @Test
  void theMetricsTellWhatAffinityAvoidsSavesAndCosts() throws Exception {
    // Given a job in hand, and jobs of two adapters that came in turns behind it
    CountDownLatch go = new CountDownLatch(1);
    TieredEngine engine = new TieredEngine(step -> PaintingEngine.hold(go), List.of(WARM, OTHER));
    Worker worker = bench.start("w1", engine);
    List<RenderJob> jobs = new ArrayList<>(List.of(bench.submit(WARM, 1, 2)));
    Eventually.until("it is drawn", () -> engine.begun().size() == 1);
    for (String task : List.of(OTHER, WARM, OTHER, WARM)) {
      jobs.add(bench.submit(task, jobs.size() + 1, 2));
      int waiting = jobs.size() - 1;
      Eventually.until("it waits", () -> metric(worker, "waiting_jobs", "") == waiting);
    }
    // When
    go.countDown();
    // Then
    for (RenderJob job : jobs) {
      bench.awaitState(job.id(), JobState.DONE);
    }
    assertEquals(List.of(WARM, OTHER), engine.swaps());
    String warm = "task=\"" + WARM + "\"";
    String other = "task=\"" + OTHER + "\"";
    Eventually.until("told", () -> metric(worker, "swaps_avoided_total", "") == 3);
    assertEquals(2, metric(worker, "swaps_avoided_total", warm));
    assertEquals(1, metric(worker, "swaps_avoided_total", other));
    assertEquals(0, metric(worker, "swaps_added_total", ""));
    assertTrue(metric(worker, "swap_seconds_saved_total", warm) >= 0.04);
    assertTrue(metric(worker, "affinity_wait_seconds_total", other) > 0);
    assertEquals(0, metric(worker, "affinity_wait_seconds_total", warm));
    assertEquals(1, metric(worker, "prefetch_hits_total", ""));
    assertEquals(2, metric(worker, "working_set_ratio", ""));
    assertEquals(2, metric(worker, "adapters_resident", "tier=\"disk\""));
    assertEquals(1, metric(worker, "adapters_resident", "tier=\"device\""));
    assertTrue(metric(worker, "swap_cost_seconds", "tier=\"disk\"") >= 0.04);
    assertEquals(0, metric(worker, "device_memory_bytes", ""));
    assertEquals(0, metric(worker, "loading", ""));
  }

  @Test
  void othersAreToldWithinTwoSecondsWhatIsWarmAndWhatASwapTakes() throws Exception {
    // Given
    CountDownLatch go = new CountDownLatch(1);
    TieredEngine engine = new TieredEngine(step -> PaintingEngine.hold(go), List.of(WARM, OTHER));
    bench.start("w1", engine);
    RenderJob job = bench.submit(WARM, 1, 2);
    // When
    Eventually.until("it is drawn", () -> engine.begun().size() == 1);
    long begin = System.nanoTime();
    Eventually.until("told while it is drawn", () -> heartbeat().residency().of(WARM) == Tier.WARM);
    double took = (System.nanoTime() - begin) / 1e9;
    // Then
    assertTrue(took < 4, () -> "told only after " + took + " s");
    WorkerHeartbeat told = heartbeat();
    assertEquals(Tier.DISK, told.residency().of(OTHER));
    assertTrue(told.load().swapSeconds().disk() >= 0.04, told::toString);
    assertTrue(told.load().beatAt().isPresent());
    go.countDown();
    bench.awaitState(job.id(), JobState.DONE);
    Eventually.until("idle", () -> heartbeat().job().isEmpty());
    assertTrue(heartbeat().load().jobSeconds() > 0);
  }

  @Test
  void aWorkerThatLoadsItsModelIsSeenLoadingWithoutPartitionsUntilItCanDraw() throws Exception {
    // Given
    CountDownLatch loaded = new CountDownLatch(1);
    Worker worker =
        bench.begin(
            "w1",
            () -> {
              PaintingEngine.hold(loaded);
              return PaintingEngine.eager();
            });
    // When
    Eventually.until("seen", () -> found().isPresent());
    // Then
    assertTrue(heartbeat().loading());
    assertEquals(List.of(), heartbeat().partitions());
    assertEquals(1, metric(worker, "loading", ""));
    loaded.countDown();
    Eventually.until("ready", () -> heartbeat().partitions().size() == Bench.PARTITIONS);
    assertTrue(!heartbeat().loading());
    assertEquals(0, metric(worker, "loading", ""));
  }

  private WorkerHeartbeat heartbeat() {
    return found().orElseThrow();
  }

  private Optional<WorkerHeartbeat> found() {
    return new WorkerDirectory(bench.redis)
        .live().stream().filter(worker -> worker.id().equals("w1")).findFirst();
  }

  private static double metric(Worker worker, String name, String label) {
    return Bench.metric(worker, "polyptych_worker_" + name, label);
  }
}
