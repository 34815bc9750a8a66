package dev.polyptych.engine.tiny;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.weights.model.ModelFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TinyModelsTest {
  @TempDir private Path folder;

  @Test
  void writersThatMeetLeaveOneWholeModelAndNothingElse() throws Exception {
    Path model = folder.resolve("models/tiny");
    CyclicBarrier together = new CyclicBarrier(3);
    List<Callable<Void>> writers = new ArrayList<>();
    for (int writer = 0; writer < 3; writer++) {
      writers.add(
          () -> {
            together.await();
            TinyModels.write(model);
            return null;
          });
    }

    try (var threads = Executors.newFixedThreadPool(3)) {
      for (Future<Void> written : threads.invokeAll(writers)) {
        written.get();
      }
    }

    assertTrue(Files.exists(model.resolve("adapters/film-storyboard.safetensors")));
    assertEquals("tiny", ModelFolder.open(model).path().getFileName().toString());
    try (var files = Files.list(model.getParent())) {
      assertEquals(List.of(model), files.toList());
    }
  }
}
