package dev.polyptych.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.Eventually;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.RenderJob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that a worker can't draw: they go to a worker that can, or end with a word. */
class PassingOnIT {
  private static final String TASK = "font-design";

  @TempDir private Path folder;
  @AutoClose private final Bench bench = Bench.shared();

  @Test
  void aWorkerDrawsAJobThoughItsCatalogLacksTheTask() throws Exception {
    // Given
    PaintingEngine engine = PaintingEngine.eager();
    bench.startWith("w1", engine, "catalog", catalogWithout(TASK).toString());
    // When
    RenderJob job = bench.submit(TASK, 1, 2);
    // Then
    bench.awaitState(job.id(), JobState.DONE);
    assertEquals(List.of(job.id()), engine.begun());
  }

  @Test
  void jobsWhoseAdapterAWorkerCanNotReadAreDrawnByTheOtherAndNoAttemptIsLost() throws Exception {
    // Given
    Worker first = bench.start("w1", PaintingEngine.eager().unableToRead(TASK));
    Worker second = bench.start("w2", PaintingEngine.eager());
    awaitHalves(first, second);
    // When
    List<RenderJob> jobs = onEachPartition(Map.of());
    // Then
    awaitDoneBy("w2", jobs);
    for (RenderJob job : jobs) {
      assertTrue(bench.deadLetters(job.id()).isEmpty());
    }
    Eventually.until(
        "the heartbeat says so",
        () -> bench.heartbeat("w1").abilities().missing().equals(List.of(TASK)));
  }

  @Test
  void aWorkerOfAnotherBaseTakesNoPartOfTheLanes() throws Exception {
    // Given two workers whose catalogs have the same tasks
    PaintingEngine other = PaintingEngine.eager().of("other");
    bench.begin(
        "w1", () -> other, Map.of("catalog", catalogOf("other").toString(), "group", "others"));
    Worker second = bench.start("w2", PaintingEngine.eager());
    Eventually.until("it has all partitions", () -> second.partitions().size() == Bench.PARTITIONS);
    // When
    List<RenderJob> jobs = onEachPartition(Map.of());
    // Then
    awaitDoneBy("w2", jobs);
    assertEquals(List.of(), other.begun());
  }

  @Test
  void aJobThatNoLiveWorkerCanDrawFailsAfterAWhileWithItsLetter() throws Exception {
    // Given
    PaintingEngine unable = PaintingEngine.eager().unableToRead(TASK);
    bench.startWith("w1", unable, "undrawableSeconds", "1");
    // When
    RenderJob job = bench.submit(TASK, 1, 2);
    // Then
    bench.awaitState(job.id(), JobState.FAILED);
    JobStatus status = bench.store.status(job.id()).orElseThrow();
    assertEquals(ErrorCode.ADAPTER_UNAVAILABLE, status.error().orElseThrow().code());
    assertTrue(status.error().orElseThrow().detail().contains("no live worker could draw it"));
    JobEvent last = bench.results.events(job.id(), "").getLast();
    assertEquals(JobState.FAILED, last.state());
    Eventually.until("a letter", () -> bench.deadLetters(job.id()).size() == 1);
    Eventually.until("committed", bench::allCommitted);
  }

  @Test
  void aJobThatNobodyCanDrawYetIsDrawnOnceAWorkerIsThere() throws Exception {
    // Given a job that waits at a worker that can't read its adapter
    Worker first = bench.start("w1", PaintingEngine.eager().unableToRead(TASK));
    RenderJob job = bench.submit(TASK, 1, 2);
    RenderJob other = bench.submit("film-storyboard", 1, 2);
    bench.awaitState(other.id(), JobState.DONE);
    assertFalse(bench.store.status(job.id()).orElseThrow().state().terminal());
    // When
    bench.start("w2", PaintingEngine.eager());
    // Then
    bench.awaitState(job.id(), JobState.DONE);
    assertEquals("w2", bench.store.status(job.id()).orElseThrow().worker().orElseThrow());
    assertTrue(first.partitions().size() < Bench.PARTITIONS);
  }

  @Test
  void aRefusedRecordSettlesItsJob() throws Exception {
    // Given an accepted job
    RenderJob job = bench.submitTo(0, request(3), Map.of());
    bench.emptyLanes();
    // When its record can't be read by any worker
    String record = "{\"v\":99,\"id\":\"%s\",\"tenant\":\"tester\"}".formatted(job.id());
    bench.produce(0, TASK, record.getBytes(UTF_8));
    bench.start("w1", PaintingEngine.eager());
    // Then
    bench.awaitState(job.id(), JobState.FAILED);
    JobStatus status = bench.store.status(job.id()).orElseThrow();
    assertEquals(ErrorCode.UNSUPPORTED_VERSION, status.error().orElseThrow().code());
    Eventually.until("a letter", () -> bench.deadLetters(job.id()).size() == 1);
    assertEquals(job.id(), bench.deadLetters(job.id()).getFirst().get("job").textValue());
  }

  private static JobRequest request(long seed) {
    return Bench.request(TASK, seed, 2, Optional.empty());
  }

  private List<RenderJob> onEachPartition(Map<String, String> headers) throws Exception {
    List<RenderJob> jobs = new ArrayList<>();
    for (int partition = 0; partition < Bench.PARTITIONS; partition++) {
      jobs.add(bench.submitTo(partition, request(partition), headers));
    }
    return jobs;
  }

  private void awaitDoneBy(String worker, List<RenderJob> jobs) throws InterruptedException {
    for (RenderJob job : jobs) {
      bench.awaitState(job.id(), JobState.DONE);
      assertEquals(worker, bench.store.status(job.id()).orElseThrow().worker().orElseThrow());
    }
  }

  private static void awaitHalves(Worker first, Worker second) throws InterruptedException {
    int half = Bench.PARTITIONS / 2;
    Eventually.until(
        "each has half of the partitions",
        () -> first.partitions().size() == half && second.partitions().size() == half);
  }

  private Path catalogWithout(String task) throws IOException {
    String text = tiny();
    int from = text.indexOf("  - id: " + task);
    int to = text.indexOf("  - id: ", from + 1);
    return Files.writeString(
        folder.resolve("without.yaml"),
        text.substring(0, from) + (to < 0 ? "" : text.substring(to)));
  }

  private Path catalogOf(String model) throws IOException {
    return Files.writeString(
        folder.resolve("other.yaml"), tiny().replace("model: tiny", "model: " + model));
  }

  private static String tiny() throws IOException {
    try (InputStream yaml =
        PassingOnIT.class.getResourceAsStream("/dev/polyptych/schema/catalog/tiny.yaml")) {
      return new String(yaml.readAllBytes(), UTF_8);
    }
  }
}
