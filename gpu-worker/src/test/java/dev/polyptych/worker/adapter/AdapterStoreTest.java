package dev.polyptych.worker.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.weights.digest.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterStoreTest {
  private static final byte[] FIRST = "first".getBytes(UTF_8);
  private static final byte[] SECOND = "secnd".getBytes(UTF_8);
  private static final byte[] THIRD = "third".getBytes(UTF_8);

  @TempDir private Path folder;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private AdapterStore store;

  @BeforeEach
  void open() {
    InstantSource ticking = () -> now;
    Clock clock = ticking.withZone(ZoneOffset.UTC);
    store = new AdapterStore(folder.resolve("adapters"), 10, clock);
    store.prepare();
  }

  @Test
  void whatWasUsedLongestAgoGoesWhenTheFolderIsFull() throws Exception {
    // Given
    kept(FIRST, Set.of());
    kept(SECOND, Set.of());
    now = now.plusSeconds(1);
    store.used(Sha256.of(FIRST));
    // When
    now = now.plusSeconds(1);
    kept(THIRD, Set.of());
    // Then
    assertEquals(List.of(Sha256.of(THIRD), Sha256.of(FIRST)), store.digests());
    assertEquals(10, store.bytes());
  }

  @Test
  void whatIsNeededStaysAndOneThatIsLargerThanTheFolderIsKept() throws Exception {
    // Given
    kept(FIRST, Set.of());
    kept(SECOND, Set.of());
    // When
    byte[] large = new byte[20];
    now = now.plusSeconds(1);
    kept(large, Set.of(Sha256.of(FIRST)));
    // Then
    assertEquals(List.of(Sha256.of(large), Sha256.of(FIRST)), store.digests());
  }

  @Test
  void aFileThatAnotherProcessBroughtOrDeletedIsSeenAtOnce() throws Exception {
    // Given
    kept(FIRST, Set.of());
    // When
    Files.delete(store.file(Sha256.of(FIRST)));
    Files.write(store.file(Sha256.of(SECOND)), SECOND);
    // Then
    assertFalse(store.has(Sha256.of(FIRST)));
    assertTrue(store.has(Sha256.of(SECOND)));
    assertEquals(List.of(Sha256.of(SECOND)), store.digests());
    store.used(Sha256.of(FIRST));
  }

  @Test
  void unfinishedFilesOfProcessesThatDiedGoAndThoseOfLiveOnesStay() throws Exception {
    // Given
    Path old = store.draft();
    Path young = store.draft();
    Files.setLastModifiedTime(old, FileTime.from(now.minusSeconds(3601)));
    Files.setLastModifiedTime(young, FileTime.from(now.minusSeconds(3599)));
    // When
    store.prepare();
    // Then
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(young));
    assertEquals(List.of(), store.digests());
  }

  @Test
  void aFolderThatCanNotBeMadeIsToldWithTheSettingAndTheRemedy() throws Exception {
    // Given
    Path file = Files.createFile(folder.resolve("file"));
    AdapterStore inFile = new AdapterStore(file.resolve("adapters"), 10, Clock.systemUTC());
    // When
    var refused = assertThrows(IllegalStateException.class, inFile::prepare);
    // Then
    assertTrue(refused.getMessage().startsWith("adapterStore: can't write the folder " + file));
  }

  private void kept(byte[] bytes, Set<String> needed) throws Exception {
    Path draft = store.draft();
    Files.write(draft, bytes);
    store.keep(draft, Sha256.of(bytes), needed);
  }
}
