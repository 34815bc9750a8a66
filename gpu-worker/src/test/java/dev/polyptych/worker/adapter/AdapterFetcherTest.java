package dev.polyptych.worker.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.Eventually;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.store.objects.FileObjects;
import dev.polyptych.store.objects.ObjectContent;
import dev.polyptych.store.objects.ObjectStore;
import dev.polyptych.store.registry.AdapterObjects;
import dev.polyptych.weights.digest.Sha256;
import dev.polyptych.worker.metrics.FetchMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterFetcherTest {
  private static final byte[] BYTES = "an adapter".getBytes(UTF_8);
  private static final String DIGEST = Sha256.of(BYTES);

  @TempDir private Path folder;
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final InstantSource ticking = () -> now;
  private final Clock clock = ticking.withZone(ZoneOffset.UTC);
  private final Semaphore changes = new Semaphore(0);
  private SwitchedObjects objects;
  private AdapterStore store;
  private AdapterFetcher fetcher;

  @BeforeEach
  void open() {
    objects = new SwitchedObjects(FileObjects.open(folder.resolve("objects")));
    store = new AdapterStore(folder.resolve("adapters"), 1000, clock);
    fetcher = fetcher(Optional.of(objects));
  }

  @AfterEach
  void close() {
    fetcher.close();
    objects.close();
  }

  @Test
  void whatAJobNeedsComesToTheDiskAndIsFetchedOnce() throws Exception {
    // Given
    stored(DIGEST, BYTES);
    objects.hold();
    // When
    fetcher.want(List.of(DIGEST));
    fetcher.want(List.of(DIGEST));
    List<String> fetching = fetcher.fetching();
    objects.release();
    awaitChange();
    fetcher.want(List.of(DIGEST));
    // Then
    assertEquals(List.of(DIGEST), fetching);
    assertEquals(List.of(), fetcher.fetching());
    assertEquals(DIGEST, Sha256.of(store.file(DIGEST)));
    assertEquals(1, objects.gets());
  }

  @Test
  void anObjectThatIsMissingIsAProblemUntilItIsThere() throws Exception {
    // Given
    fetcher.want(List.of(DIGEST));
    awaitChange();
    Optional<JobError> problem = fetcher.problem(DIGEST);
    stored(DIGEST, BYTES);
    // When
    now = now.plusSeconds(29);
    fetcher.want(List.of(DIGEST));
    List<String> tooSoon = fetcher.fetching();
    now = now.plusSeconds(1);
    fetcher.want(List.of(DIGEST));
    awaitChange();
    // Then
    assertEquals(
        Optional.of(
            new JobError(
                ErrorCode.ADAPTER_UNAVAILABLE,
                "adapter sha256:%s: the object store does not have it; register it again"
                    .formatted(DIGEST))),
        problem);
    assertEquals(List.of(), tooSoon);
    assertEquals(Optional.empty(), fetcher.problem(DIGEST));
    assertTrue(store.has(DIGEST));
  }

  @Test
  void anObjectWithOtherBytesIsAProblemAndNothingOfItStays() throws Exception {
    // Given
    stored(DIGEST, "something else".getBytes(UTF_8));
    // When
    fetcher.want(List.of(DIGEST));
    awaitChange();
    // Then
    assertEquals(
        "adapter sha256:%s: its object has other bytes; register it again".formatted(DIGEST),
        fetcher.problem(DIGEST).orElseThrow().detail());
    assertEquals(List.of(DIGEST), fetcher.problems());
    assertEquals(List.of(), files());
  }

  @Test
  void whileTheObjectStoreIsAwayAnAdapterThatAJobNeedsIsTriedAgain() throws Exception {
    // Given
    stored(DIGEST, BYTES);
    objects.away(true);
    fetcher.want(List.of(DIGEST));
    Eventually.until("it was tried twice", () -> objects.gets() >= 2);
    Optional<JobError> problem = fetcher.problem(DIGEST);
    // When
    objects.away(false);
    awaitChange();
    // Then
    assertEquals(Optional.empty(), problem);
    assertTrue(store.has(DIGEST));
  }

  @Test
  void whatNobodyNeedsAnyMoreIsNotTriedAgain() throws Exception {
    // Given
    objects.away(true);
    fetcher.want(List.of(DIGEST));
    // When
    fetcher.want(List.of());
    // Then
    Eventually.until("it has ended", () -> fetcher.fetching().isEmpty());
    assertEquals(Optional.empty(), fetcher.problem(DIGEST));
  }

  @Test
  void aConnectionThatBreaksOffIsBegunAnewAndLeavesNoUnfinishedFile() throws Exception {
    // Given
    stored(DIGEST, BYTES);
    objects.breakOnce();
    // When
    fetcher.want(List.of(DIGEST));
    awaitChange();
    // Then
    assertEquals(2, objects.gets());
    assertEquals(DIGEST, Sha256.of(store.file(DIGEST)));
    assertEquals(List.of(store.file(DIGEST)), files());
  }

  @Test
  void anAdapterThatAnotherWorkerBroughtIsNoProblemAnyMore() throws Exception {
    // Given
    fetcher.want(List.of(DIGEST));
    awaitChange();
    // When
    Files.write(store.file(DIGEST), BYTES);
    fetcher.want(List.of(DIGEST));
    // Then
    assertEquals(Optional.empty(), fetcher.problem(DIGEST));
    assertEquals(List.of(), fetcher.fetching());
  }

  @Test
  void withoutAnObjectStoreEachAdapterThatIsNotHereIsAProblem() {
    try (AdapterFetcher alone = fetcher(Optional.empty())) {
      // When
      alone.want(List.of(DIGEST));
      // Then
      assertTrue(alone.problem(DIGEST).orElseThrow().detail().contains("set objects"));
    }
  }

  @Test
  void afterItsEndNothingIsFetched() {
    // Given
    fetcher.close();
    // When
    fetcher.want(List.of(DIGEST));
    // Then
    assertEquals(List.of(), fetcher.fetching());
  }

  private AdapterFetcher fetcher(Optional<ObjectStore> from) {
    return new AdapterFetcher(
        store, from, new FetchMetrics(new PrometheusRegistry()), clock, changes::release);
  }

  private void stored(String digest, byte[] bytes) {
    objects.put(AdapterObjects.key(digest), ObjectContent.of(bytes, "application/octet-stream"));
  }

  private void awaitChange() throws InterruptedException {
    assertTrue(changes.tryAcquire(20, TimeUnit.SECONDS));
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> files = Files.list(store.folder())) {
      return files.toList();
    }
  }
}
