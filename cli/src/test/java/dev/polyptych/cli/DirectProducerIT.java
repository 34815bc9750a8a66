package dev.polyptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.engine.ForkedJava;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.worker.trace.StartTimes;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of a backend that produces by itself, as its users run it. */
class DirectProducerIT {
  private static final Path EXAMPLE =
      Path.of("..", "examples", "direct-producer", "DirectProducer.java");

  @TempDir private Path folder;

  @Test
  void theExampleGetsItsPanels() throws Exception {
    Path panels = folder.resolve("panels");
    try (RedisServer redis = RedisServer.start();
        KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"));
        EmbeddedCluster cluster = cluster(broker.bootstrapServers(), redis.uri().toString());
        DispatcherClient client = new DispatcherClient(cluster.dispatcher())) {
      List<String> printed =
          ForkedJava.runSource(
                  EXAMPLE, broker.bootstrapServers(), redis.uri().toString(), panels.toString())
              .lines()
              .toList();

      String job =
          printed.stream().filter(line -> line.startsWith("produced ")).findFirst().orElseThrow();
      String id = job.substring("produced ".length());
      assertTrue(printed.containsAll(List.of("queued 0/20", "done 20/20")), printed::toString);
      JobStatus status = client.status(id);
      assertEquals(JobState.DONE, status.state());
      for (int panel = 1; panel <= status.panels(); panel++) {
        assertArrayEquals(
            client.image(id, "panels/" + panel),
            Files.readAllBytes(panels.resolve("panel-" + panel + ".png")));
      }
    }
  }

  private EmbeddedCluster cluster(String brokers, String redis) throws Exception {
    return EmbeddedCluster.lasting(
        TinyModels.folder(),
        folder,
        new TreeMap<>(
            Map.of(
                "redis", redis,
                "bootstrapServers", brokers,
                "catalog", "tiny",
                "port", "0",
                "managementPort", "0")),
        OpenTelemetry.noop(),
        StartTimes.fromNow());
  }
}
