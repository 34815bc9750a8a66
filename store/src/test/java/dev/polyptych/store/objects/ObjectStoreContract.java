package dev.polyptych.store.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every object store does. */
abstract class ObjectStoreContract {
  abstract ObjectStore store();

  @Test
  void whatIsPutIsReadAgain() throws Exception {
    // Given
    byte[] bytes = new byte[3_000_000];
    new Random(1).nextBytes(bytes);
    // When
    store().put("results/a/panel-1.png", ObjectContent.of(bytes, "image/png"));
    // Then
    try (StoredObject object = store().get("results/a/panel-1.png").orElseThrow()) {
      assertEquals(bytes.length, object.length());
      assertArrayEquals(bytes, object.bytes().readAllBytes());
    }
    assertEquals(OptionalLong.of(bytes.length), store().size("results/a/panel-1.png"));
  }

  @Test
  void aFileIsStored(@TempDir Path folder) throws Exception {
    // Given
    Path file = Files.writeString(folder.resolve("lora"), "weights");
    // When
    store().put("adapters/lora", ObjectContent.of(file, "application/octet-stream"));
    // Then
    assertEquals(Optional.of("weights"), text("adapters/lora"));
  }

  @Test
  void anEmptyObjectIsAnObject() throws Exception {
    // When
    store().put("empty", content(""));
    // Then
    assertEquals(Optional.of(""), text("empty"));
  }

  @Test
  void aLaterPutReplacesAnEarlierOne() throws Exception {
    // Given
    store().put("replaced", content("a long first text"));
    // When
    store().put("replaced", content("second"));
    // Then
    assertEquals(Optional.of("second"), text("replaced"));
  }

  @Test
  void whatIsNotThereIsEmpty() throws Exception {
    assertEquals(Optional.empty(), text("nothing/here"));
    assertEquals(OptionalLong.empty(), store().size("nothing/here"));
    assertEquals(List.of(), keys("nothing/"));
  }

  @Test
  void deletingTwiceIsAsGoodAsOnce() throws Exception {
    // Given
    store().put("gone/a", content("x"));
    store().put("gone/b", content("y"));
    // When
    store().delete("gone/a");
    store().delete("gone/a");
    // Then
    assertEquals(List.of("gone/b"), keys("gone/"));
    assertEquals(Optional.empty(), text("gone/a"));
  }

  @Test
  void aListingHasWhatBeginsWithThePrefix() throws Exception {
    // Given
    Instant before = Instant.now().minusSeconds(2);
    for (String key : List.of("list/a/1", "list/a/2", "list/ab/3", "list/b", "listed")) {
      store().put(key, content(key));
    }
    // When, Then
    assertEquals(List.of("list/a/1", "list/a/2"), keys("list/a/"));
    assertEquals(List.of("list/a/1", "list/a/2", "list/ab/3"), keys("list/a"));
    assertEquals(List.of("list/a/1", "list/a/2", "list/ab/3", "list/b"), keys("list/"));
    List<ObjectStore.Entry> entries = new ArrayList<>();
    store().list("listed", entries::add);
    assertEquals(6, entries.getFirst().size());
    assertFalse(entries.getFirst().modified().isBefore(before), entries::toString);
  }

  @Test
  void ofManyWhoCreateAnObjectOneDoes() throws Exception {
    // Given
    List<Callable<Boolean>> creations = new ArrayList<>();
    for (int creator = 0; creator < 8; creator++) {
      String text = "creator " + creator;
      creations.add(() -> store().create("once", content(text)));
    }
    // When
    List<Boolean> created = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> creation : threads.invokeAll(creations)) {
        created.add(creation.get());
      }
    }
    // Then
    assertEquals(Optional.of("creator " + created.indexOf(true)), text("once"));
    assertEquals(1, created.stream().filter(did -> did).count());
    assertFalse(store().create("once", content("later")));
  }

  @Test
  void aSourceThatBreaksOffLeavesNothing() throws Exception {
    // Given
    ObjectContent broken =
        new ObjectContent(1_000_000, "text/plain", ObjectStoreContract::breakingOff);
    // When, Then
    assertThrows(ObjectsUnavailableException.class, () -> store().put("broken", broken));
    assertEquals(Optional.empty(), text("broken"));
    assertEquals(List.of(), keys("broken"));
  }

  @Test
  void aReaderMayStopInTheMiddle() throws Exception {
    // Given
    store().put("long", ObjectContent.of(new byte[2_000_000], "text/plain"));
    // When
    try (StoredObject object = store().get("long").orElseThrow()) {
      assertEquals(0, object.bytes().read());
    }
    // Then
    assertEquals(OptionalLong.of(2_000_000), store().size("long"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/a", "a/", "a//b", "../a", "a/../b", "a/.b", ".a", "a b", "ä"})
  void aKeyThatIsNoneIsRefused(String key) {
    assertThrows(IllegalArgumentException.class, () -> store().get(key));
    assertThrows(IllegalArgumentException.class, () -> store().put(key, content("x")));
    assertThrows(IllegalArgumentException.class, () -> store().link(key, Duration.ofMinutes(1)));
  }

  static ObjectContent content(String text) {
    return ObjectContent.of(text.getBytes(UTF_8), "text/plain");
  }

  Optional<String> text(String key) throws IOException {
    Optional<StoredObject> found = store().get(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (StoredObject object = found.get()) {
      return Optional.of(new String(object.bytes().readAllBytes(), UTF_8));
    }
  }

  List<String> keys(String prefix) {
    TreeSet<String> keys = new TreeSet<>();
    store().list(prefix, entry -> assertTrue(keys.add(entry.key()), entry::key));
    return List.copyOf(keys);
  }

  /** Ends with an exception in the middle. */
  private static InputStream breakingOff() throws IOException {
    InputStream closed = InputStream.nullInputStream();
    closed.close();
    return new SequenceInputStream(new ByteArrayInputStream(new byte[200_000]), closed);
  }
}
