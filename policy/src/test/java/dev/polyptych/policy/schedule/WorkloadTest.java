package dev.polyptych.policy.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.fleet.AdapterTiers;
import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.schema.fleet.WorkerLoad;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.RenderJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private static final double EXACT = 1e-9;
  private static final SwapCosts COSTS = new SwapCosts(0.5, 2, 8, 32);
  private static final Residency WARM_A = Residency.of(Map.of("a", Tier.WARM, "b", Tier.HOST));

  private final Workload workload = new Workload();

  @Test
  void waitingJobsCountTheirTimeAndOneSwapForEachAdapterThatIsNotWarm() {
    // Given
    List<Waiting> waiting = List.of(waiting("a"), waiting("b"), waiting("b"), waiting("c"));
    // When
    double seconds = Workload.waitingSeconds(waiting, job -> 10, COSTS, WARM_A);
    // Then
    assertEquals(4 * 10 + 2 + 32, seconds, EXACT);
  }

  @Test
  void nothingWaitingIsNoWork() {
    assertEquals(0, Workload.waitingSeconds(List.<Waiting>of(), job -> 10, COSTS, WARM_A));
  }

  @Test
  void aJobTakesItsStepsAndWhatJobsTakeBesides() {
    // Given
    RenderJob job = job("couple-profile", 4);
    assertEquals(0, workload.seconds(job));
    workload.stepped(job.tokens(), 0.5);
    // When
    workload.drawn(job, 3);
    // Then
    assertEquals(3, workload.seconds(job), EXACT);
    assertEquals(3, workload.jobSeconds(), EXACT);
    assertEquals(0.5, workload.stepSeconds(), EXACT);
    assertEquals(Duration.ofSeconds(2), workload.renderTime(job));
  }

  @Test
  void theNewestJobWeighsAFifth() {
    workload.drawn(10);
    workload.drawn(20);

    assertEquals(12, workload.jobSeconds(), EXACT);
  }

  @Test
  void aJobThatTookLessThanItsStepsTakesNothingBesides() {
    // Given
    RenderJob job = job("couple-profile", 4);
    workload.stepped(job.tokens(), 0.5);
    // When
    workload.drawn(job, 1);
    // Then
    assertEquals(2, workload.seconds(job), EXACT);
  }

  @Test
  void aRunningJobCountsTheStepsThatAreLeft() {
    // Given
    RenderJob job = job("couple-profile", 4);
    workload.stepped(job.tokens(), 0.5);
    // When
    workload.drawn(job, 3);
    // Then
    assertEquals(3, workload.secondsLeft(job, 0), EXACT);
    assertEquals(0.75, workload.secondsLeft(job, 3), EXACT);
    assertEquals(0, workload.secondsLeft(job, 4), EXACT);
    assertEquals(0, workload.secondsLeft(job, 5), EXACT);
  }

  @Test
  void aSheetThatWasNeverDrawnIsEstimatedByItsTokensAndHasNoRenderTime() {
    // Given
    RenderJob unknown = job("film-storyboard", 4);
    // When
    workload.stepped(unknown.tokens() / 2, 0.5);
    // Then
    assertEquals(4.0, workload.seconds(unknown), EXACT);
    assertEquals(Duration.ZERO, workload.renderTime(unknown));
  }

  @Test
  void theLoadSaysWhatWasMeasuredAndWhichAdaptersAreInMemory() {
    // Given
    RenderJob job = job("couple-profile", 4);
    workload.stepped(job.tokens(), 0.5);
    workload.drawn(job, 3);
    workload.swapped(Tier.HOST, 0.25);
    AdapterTiers tiers =
        new AdapterTiers(List.of(), List.of("d", "b"), List.of("b", "a"), List.of("z"));
    // When
    WorkerLoad load = workload.load(1.5, 20, tiers, Instant.EPOCH);
    // Then
    assertEquals(
        new WorkerLoad(
            0.5 / job.tokens(),
            1,
            3,
            1.5,
            20,
            List.of("a", "b", "d"),
            tiers,
            new SwapCosts(0, 0.25, 0.25, 0.25),
            Optional.of(Instant.EPOCH)),
        load);
  }

  private static Waiting waiting(String adapter) {
    return Waiting.of(1, adapter, Lane.INTERACTIVE, 0);
  }

  private static RenderJob job(String task, int steps) {
    var catalog = CatalogFile.builtIn("tiny");
    int panels = catalog.task(task).orElseThrow().example().panels().size();
    String json =
        """
        {"task": "%s", "prompt": "a fox", "panels": [%s], "seed": 1, "steps": %d}
        """
            .formatted(task, "\"x\", ".repeat(panels - 1) + "\"x\"", steps);
    JobResolver resolver = new JobResolver(catalog);
    return switch (JobRequestReader.read(json.getBytes(UTF_8))
        .then(request -> resolver.resolve("j-1", request))) {
      case Validated.Valid<RenderJob>(RenderJob job) -> job;
      case Validated.Invalid<RenderJob> wrong ->
          throw new IllegalArgumentException(wrong.toString());
    };
  }
}
