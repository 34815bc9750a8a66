package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.Eventually;
import dev.polyptych.engine.sheet.PanelCutter;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.WorkerDirectory;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RenderingIT {
  @AutoClose private final Bench bench = Bench.shared();

  @Test
  void aRecordBecomesPanelsInRedisPixelForPixel() throws Exception {
    // Given
    bench.start("w1", PaintingEngine.eager());
    // When
    RenderJob job = bench.submit("film-storyboard", 7, 3);
    // Then
    bench.awaitState(job.id(), JobState.DONE);
    SheetPixels sheet = PaintingEngine.picture(job);
    assertArrayEquals(sheet.rgb(), pixels(bench.results.sheet(job.id()).orElseThrow()));
    List<SheetPixels> panels = PanelCutter.cut(sheet, job.layout());
    for (int panel = 1; panel <= 3; panel++) {
      assertArrayEquals(
          panels.get(panel - 1).rgb(), pixels(bench.results.panel(job.id(), panel).orElseThrow()));
    }
    Eventually.until("its offset is committed", () -> bench.committed() > 0);
  }

  @Test
  void theEventsTellTheStepsInOrderAndTheEnd() throws Exception {
    // Given an engine that after some steps waits until one of them was told
    bench.start(
        "w1",
        new PaintingEngine(
            (job, step) -> {
              if (step == 5) {
                untilUnchecked(() -> !stepsTold(job.id()).isEmpty());
              }
            }));
    // When
    RenderJob job = bench.submit("film-storyboard", 7, 12);
    // Then
    bench.awaitState(job.id(), JobState.DONE);
    List<JobEvent> events = bench.results.events(job.id(), "");
    assertEquals(JobState.DONE, events.getLast().state());
    assertEquals(12, events.getLast().step());
    List<Integer> steps = events.stream().map(JobEvent::step).toList();
    assertEquals(steps.stream().sorted().toList(), steps);
    assertTrue(stepsTold(job.id()).getFirst() <= 5, "told late: " + steps);
  }

  @Test
  void aCancelledJobIsGivenUpWithinAStepAndTheNextIsRendered() throws Exception {
    // Given a job that is held at its second step
    CountDownLatch atSecondStep = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    PaintingEngine engine =
        new PaintingEngine(
            (job, step) -> {
              if (job.sampling().steps() == 50 && step == 1) {
                atSecondStep.countDown();
                awaitUnchecked(goOn);
              }
              if (job.sampling().steps() == 50 && step > 1) {
                untilUnchecked(() -> state(job.id()) == JobState.CANCELLED);
              }
            });
    Worker worker = bench.start("w1", engine);
    RenderJob cancelled = bench.submit("film-storyboard", 1, 50);
    Eventually.await(atSecondStep);
    // When
    bench.store.cancel(cancelled.id(), "tester");
    goOn.countDown();
    // Then
    RenderJob next = bench.submit("film-storyboard", 2, 2);
    bench.awaitState(next.id(), JobState.DONE);
    var status = bench.store.status(cancelled.id()).orElseThrow();
    assertEquals(JobState.CANCELLED, status.state());
    assertTrue(status.step() <= 2, "went on to step " + status.step());
    assertTrue(bench.results.sheet(cancelled.id()).isEmpty());
    assertEquals(1, Bench.metric(worker, "polyptych_worker_attempts_total", "cancelled"));
    assertEquals(0, Bench.metric(worker, "polyptych_worker_attempts_total", "superseded"));
  }

  @Test
  void imagesOfAJobCancelledAtTheLastMomentAreNotWritten() throws Exception {
    // Given a job that is cancelled when all its steps are done
    PaintingEngine engine =
        new PaintingEngine(
            (job, step) -> {
              if (step == job.sampling().steps()) {
                bench.store.cancel(job.id(), "tester");
              }
            });
    Worker worker = bench.start("w1", engine);
    // When
    RenderJob job = bench.submit("film-storyboard", 1, 2);
    // Then
    Eventually.until("its offset is committed", () -> bench.committed() > 0);
    assertEquals(JobState.CANCELLED, state(job.id()));
    assertTrue(bench.results.sheet(job.id()).isEmpty());
    assertTrue(
        get(worker, "/metrics").body().contains("polyptych_worker_stale_finishes_total 1.0"));
  }

  @Test
  void healthAndMetricsAreServedOnTheManagementPort() throws Exception {
    // Given
    Worker worker = bench.start("w1", PaintingEngine.eager());
    RenderJob job = bench.submit("couple-profile", 3, 2);
    bench.awaitState(job.id(), JobState.DONE);
    // When the set is counted, which is after Redis has it
    Eventually.until(
        "the set is counted",
        () -> metrics(worker).contains("polyptych_worker_sets_total{task=\"couple-profile\"} 1.0"));
    String metrics = metrics(worker);
    // Then
    assertEquals(200, get(worker, "/health/live").statusCode());
    assertEquals(200, get(worker, "/health/ready").statusCode());
    assertTrue(metrics.contains("compute_type=\"float32\""));
    assertTrue(!metrics.contains(job.id()), "a job's id became a label");
  }

  @Test
  void aWorkerIsInTheDirectoryWhileItLives() throws Exception {
    // Given
    WorkerDirectory directory = new WorkerDirectory(bench.redis);
    Worker worker = bench.start("heartbeating", PaintingEngine.eager());
    Eventually.until("it beats", () -> ids(directory).contains("heartbeating"));
    // When
    worker.close();
    // Then
    assertTrue(!ids(directory).contains("heartbeating"), "it did not leave");
  }

  @Test
  void aWorkerThatClosesWhileItLoadsLeavesNothingBehind() throws Exception {
    // Given
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    PaintingEngine engine = PaintingEngine.eager();
    Worker worker =
        bench.begin(
            "w1",
            () -> {
              loading.countDown();
              awaitUnchecked(goOn);
              return engine;
            });
    Eventually.await(loading);
    Thread closing = Thread.ofPlatform().start(worker::close);
    // When
    goOn.countDown();
    // Then
    assertTrue(closing.join(Duration.ofSeconds(10)));
    assertTrue(engine.closed());
    assertTrue(worker.ended().isDone());
  }

  private static List<String> ids(WorkerDirectory directory) {
    return directory.live().stream().map(WorkerHeartbeat::id).toList();
  }

  private static HttpResponse<String> get(Worker worker, String path) throws Exception {
    URI uri = URI.create("http://localhost:" + worker.managementPort() + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static String metrics(Worker worker) {
    try {
      return get(worker, "/metrics").body();
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  private JobState state(String job) {
    return bench.store.status(job).orElseThrow().state();
  }

  private List<Integer> stepsTold(String job) {
    return bench.results.events(job, "").stream()
        .map(JobEvent::step)
        .filter(step -> step > 0)
        .toList();
  }

  private static void untilUnchecked(BooleanSupplier holds) {
    try {
      Eventually.until("the test lets the engine go on", holds);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      Eventually.await(latch);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  static byte[] pixels(byte[] png) throws Exception {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    byte[] rgb = new byte[3 * image.getWidth() * image.getHeight()];
    for (int i = 0; i < rgb.length / 3; i++) {
      int pixel = image.getRGB(i % image.getWidth(), i / image.getWidth());
      rgb[3 * i] = (byte) (pixel >> 16);
      rgb[3 * i + 1] = (byte) (pixel >> 8);
      rgb[3 * i + 2] = (byte) pixel;
    }
    return rgb;
  }
}
