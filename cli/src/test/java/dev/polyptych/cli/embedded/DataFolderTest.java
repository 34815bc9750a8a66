package dev.polyptych.cli.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir private Path folder;

  @Test
  void aSecondClusterIsToldWhereTheFirstOneRuns() throws IOException {
    try (DataFolder first = DataFolder.lock(folder)) {
      first.runsOn(18080);

      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> DataFolder.lock(folder));

      assertTrue(
          refused.getMessage().startsWith("already running here, on port 18080"),
          refused::getMessage);
    }
  }

  @Test
  void aClusterThatIsStillStartingHasTheFolderToo() throws IOException {
    try (DataFolder first = DataFolder.lock(folder)) {
      assertFalse(Files.exists(folder.resolve("port")));

      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> DataFolder.lock(folder));

      assertTrue(refused.getMessage().contains("still starting"), refused::getMessage);
      first.runsOn(1);
    }
  }

  @Test
  void theNextClusterGetsTheFolder() throws IOException {
    DataFolder.lock(folder.resolve("new")).close();

    DataFolder.lock(folder.resolve("new")).close();
  }

  @Test
  void partsAreClosedInReverseOrderAndOnlyOnce() {
    List<String> closed = new ArrayList<>();
    Opened opened = new Opened();
    opened.add(() -> closed.add("first"));
    opened.add(() -> closed.add("second"));

    opened.close();
    opened.close();

    assertEquals(List.of("second", "first"), closed);
    assertThrows(IllegalStateException.class, () -> opened.add(() -> closed.add("late")));
    assertEquals(List.of("second", "first", "late"), closed);
  }
}
