package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.Backends;
import dev.polyptych.engine.ForkedJava;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of a backend that produces by itself, as its users run it. */
class DirectProducerIT {
  private static final Path EXAMPLE =
      Path.of("..", "examples", "direct-producer", "DirectProducer.java");

  @Test
  void theExampleGetsItsPanels(@TempDir Path folder) throws Exception {
    try (Bench bench = Bench.shared()) {
      bench.start("w1", PaintingEngine.eager());

      List<String> printed =
          ForkedJava.runSource(
                  EXAMPLE,
                  Backends.kafkaBootstrapServers(),
                  Backends.redisUri().toString(),
                  folder.toString())
              .lines()
              .toList();

      String job =
          printed.stream().filter(line -> line.startsWith("produced ")).findFirst().orElseThrow();
      String id = job.substring("produced ".length());
      assertTrue(printed.containsAll(List.of("queued 0/20", "done 20/20")), printed::toString);
      JobStatus status = bench.store.status(id).orElseThrow();
      assertEquals(JobState.DONE, status.state());
      for (int panel = 1; panel <= status.panels(); panel++) {
        assertArrayEquals(
            bench.results.panel(id, panel).orElseThrow(),
            Files.readAllBytes(folder.resolve("panel-" + panel + ".png")));
      }
    }
  }
}
