package dev.polyptych.engine.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.Eventually;
import dev.polyptych.weights.lora.AdapterException;
import dev.polyptych.weights.lora.Delta;
import dev.polyptych.weights.lora.HostAdapter;
import dev.polyptych.weights.lora.HostChange;
import dev.polyptych.weights.lora.Matrix;
import dev.polyptych.weights.model.LinearLayer;
import dev.polyptych.weights.safetensors.TensorType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HostAdaptersTest {
  /** Bytes of each fake adapter. */
  private static final int SIZE = 8;

  private final List<String> read = Collections.synchronizedList(new ArrayList<>());
  private HostAdapters adapters = keeping(2, Set.of());

  @AfterEach
  void close() {
    adapters.close();
  }

  @Test
  void readsAnAdapterOnce() {
    assertEquals("a", adapters.get("a").name());
    adapters.get("a");

    assertEquals(List.of("a"), read);
  }

  @Test
  void throwsOutTheOneUsedLongestAgo() {
    adapters.get("a");
    adapters.get("b");
    adapters.get("a");
    adapters.get("c");

    assertTrue(adapters.holds("a"));
    assertFalse(adapters.holds("b"));
    assertTrue(adapters.holds("c"));
  }

  @Test
  void keepsPinnedOnesWhateverTheirAge() {
    adapters = keeping(2, Set.of("a"));
    for (String id : List.of("a", "b", "c", "d")) {
      adapters.get(id);
    }

    assertTrue(adapters.holds("a"));
    assertFalse(adapters.holds("b"));
  }

  @Test
  void keepsOneThatIsLargerThanAllTheRoom() {
    adapters = keeping(0, Set.of());
    adapters.get("a");
    assertTrue(adapters.holds("a"));

    adapters.get("b");
    assertFalse(adapters.holds("a"));
  }

  @Test
  void holdsEqualFilesOnce() {
    adapters = new HostAdapters(id -> adapter(id, "same"), 2 * SIZE, Set.of());
    HostAdapter first = adapters.get("a");
    HostAdapter second = adapters.get("b");
    adapters.get("c");

    assertEquals("b", second.name());
    assertEquals(first.digest(), second.digest());
    assertTrue(adapters.holds("a"));
  }

  @Test
  void triesAgainAfterAFailure() {
    adapters =
        new HostAdapters(
            id -> {
              read.add(id);
              if (read.size() == 1) {
                throw new AdapterException(Path.of(id), "is half written");
              }
              return adapter(id, id);
            },
            SIZE,
            Set.of());

    assertThrows(AdapterException.class, () -> adapters.get("a"));
    assertFalse(adapters.holds("a"));
    assertEquals("a", adapters.get("a").name());
  }

  @Test
  void readsAReplacedFileAgainAndNoneThatChangesMeanwhile() {
    AtomicLong size = new AtomicLong(1);
    AtomicBoolean writing = new AtomicBoolean();
    adapters =
        new HostAdapters(
            new HostAdapters.Source() {
              @Override
              public HostAdapter read(String id) {
                read.add(id);
                return adapter(
                    id, "of size " + (writing.get() ? size.getAndIncrement() : size.get()));
              }

              @Override
              public Optional<AdapterFolder.Stamp> stamp(String id) {
                return Optional.of(
                    new AdapterFolder.Stamp(size.get(), FileTime.fromMillis(0), "key"));
              }
            },
            2 * SIZE,
            Set.of());
    assertEquals("of size 1", adapters.get("a").digest());

    size.set(2);
    assertEquals("of size 2", adapters.get("a").digest());
    adapters.get("a");
    assertEquals(List.of("a", "a"), read);

    size.set(3);
    writing.set(true);
    AdapterException refused = assertThrows(AdapterException.class, () -> adapters.get("a"));
    assertTrue(refused.getMessage().contains("replaced while it was read"), refused.getMessage());
  }

  @Test
  void letsAllWhoWantAnAdapterWaitForOneReading() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    adapters = new HostAdapters(id -> slowly(id, started, finish), SIZE, Set.of());
    CompletableFuture<HostAdapter> first = CompletableFuture.supplyAsync(() -> adapters.get("a"));
    started.await();
    CompletableFuture<HostAdapter> second = new CompletableFuture<>();
    Thread waiter = Thread.ofPlatform().start(() -> second.complete(adapters.get("a")));
    Eventually.until("the second waits", () -> waiter.getState() == Thread.State.TIMED_WAITING);
    assertFalse(adapters.holds("a"));
    finish.countDown();

    assertSame(
        first.get(10, TimeUnit.SECONDS).changes(), second.get(10, TimeUnit.SECONDS).changes());
    assertEquals(List.of("a"), read);
  }

  @Test
  void failsWhileAFileDoesNotAnswerAndHasTheAdapterOnceItDoes() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    adapters =
        new HostAdapters(id -> slowly(id, started, finish), Duration.ofMillis(50), SIZE, Set.of());

    AdapterException hung = assertThrows(AdapterException.class, () -> adapters.get("a"));
    assertThrows(AdapterException.class, () -> adapters.get("a"));
    finish.countDown();
    Eventually.until("a is here", () -> adapters.holds("a"));

    assertTrue(hung.getMessage().contains("was not read within"), hung.getMessage());
    assertEquals("a", adapters.get("a").name());
    assertEquals(List.of("a"), read);
  }

  @Test
  void readsAheadInTheBackground() throws InterruptedException {
    adapters.prefetch(List.of("a"));
    Eventually.until("a is here", () -> adapters.holds("a"));
    adapters.get("a");

    assertEquals(List.of("a"), read);
  }

  @Test
  void readsOnlyOneAhead() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    adapters = new HostAdapters(id -> slowly(id, started, finish), 2 * SIZE, Set.of());
    adapters.prefetch(List.of("a"));
    started.await();
    adapters.prefetch(List.of("b"));
    finish.countDown();
    Eventually.until("a is here", () -> adapters.holds("a"));

    assertEquals(List.of("a"), read);
  }

  private HostAdapter slowly(String id, CountDownLatch started, CountDownLatch finish) {
    read.add(id);
    started.countDown();
    try {
      assertTrue(finish.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return adapter(id, id);
  }

  private HostAdapters keeping(int count, Set<String> pinned) {
    return new HostAdapters(
        id -> {
          read.add(id);
          return adapter(id, id);
        },
        (long) count * SIZE,
        pinned);
  }

  private static HostAdapter adapter(String id, String digest) {
    Matrix half = new Matrix(TensorType.F32, 1, 1, ByteBuffer.allocateDirect(SIZE / 2));
    HostChange change =
        new HostChange(new LinearLayer("layer", 1, 1), new Delta.LowRank(half, half, 1));
    return new HostAdapter(id, digest, List.of(change), List.of());
  }
}
