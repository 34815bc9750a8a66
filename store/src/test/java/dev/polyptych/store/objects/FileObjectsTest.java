package dev.polyptych.store.objects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileObjectsTest extends ObjectStoreContract {
  @TempDir private Path folder;
  private FileObjects store;

  @BeforeEach
  void open() {
    store = FileObjects.open(folder.resolve("objects"));
  }

  @Override
  ObjectStore store() {
    return store;
  }

  @Test
  void nothingIsLeftOfWhatWasWrittenAndDeleted() throws Exception {
    // Given
    store.put("a/b/c", content("x"));
    store.create("a/b/d", content("y"));
    store.create("a/b/d", content("z"));
    // When
    store.delete("a/b/c");
    store.delete("a/b/d");
    // Then
    try (Stream<Path> all = Files.walk(folder.resolve("objects"))) {
      assertEquals(
          List.of("", ".unfinished"),
          all.map(path -> folder.resolve("objects").relativize(path).toString()).toList());
    }
  }

  @Test
  void aFolderHasNoLinks() {
    assertEquals(Optional.empty(), store.link("a", Duration.ofMinutes(1)));
  }

  @Test
  void aFolderThatCantBeMadeIsRefusedWithTheRemedy() throws Exception {
    // Given
    Path file = Files.writeString(folder.resolve("file"), "");
    // When
    var refused =
        assertThrows(IllegalStateException.class, () -> FileObjects.open(file.resolve("objects")));
    // Then
    assertTrue(refused.getMessage().contains("name another one"), refused::getMessage);
  }
}
