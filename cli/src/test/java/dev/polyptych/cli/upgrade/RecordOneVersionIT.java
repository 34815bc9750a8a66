package dev.polyptych.cli.upgrade;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.engine.tiny.TinyModels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records what the processes of a released distribution leave in Kafka and Redis, for {@link
 * OneVersionBackIT}. Runs only when it is told where the distribution lies: {@code
 * -Drecord.from=DIST}.
 */
@EnabledIfSystemProperty(named = "record.from", matches = ".+")
class RecordOneVersionIT {
  private static final Path DISTRIBUTION =
      Path.of(System.getProperty("record.from", "")).toAbsolutePath();

  private final List<Process> processes = new ArrayList<>();

  @TempDir private Path folder;

  @Test
  void record() throws Exception {
    try (RedisServer redis = RedisServer.start();
        KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"))) {
      int port = FreePort.next();
      Map<String, String> backends =
          Map.of(
              "redis", redis.uri().toString(),
              "bootstrapServers", broker.bootstrapServers(),
              "catalog", "tiny");
      start("dispatcher", backends, Map.of("port", Integer.toString(port), "partitions", "4"));
      Api api = new Api(port);
      api.awaitAnswers();
      Map<String, List<String>> jobs = new LinkedHashMap<>();

      Process worker = worker(backends);
      jobs.put("done", List.of(api.submit("film-storyboard", 4), api.submit("font-design", 4)));
      for (String id : jobs.get("done")) {
        api.await(id, "done");
      }
      // One that its worker dies on, with a checkpoint.
      String running = api.submit("couple-profile", 100);
      api.await(running, "rendering");
      api.awaitStep(running, 5);
      worker.destroyForcibly().waitFor();
      jobs.put("rendering", List.of(running));
      jobs.put("queued", List.of(api.submit("font-design", 4), api.submit("film-storyboard", 4)));
      for (String id : jobs.get("queued")) {
        api.await(id, "queued");
      }
      String cancelled = api.submit("film-storyboard", 4);
      api.cancel(cancelled);
      jobs.put("cancelled", List.of(cancelled));

      Recording.of(jobs, broker.bootstrapServers(), redis.uri()).write(OneVersionBackIT.FIXTURE);
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  private Process worker(Map<String, String> backends) throws Exception {
    return start(
        "worker",
        backends,
        Map.of(
            "workerId", "old-worker",
            "model", TinyModels.folder().toString(),
            "intraOpThreads", "1",
            "checkpointSeconds", "0"));
  }

  private Process start(String command, Map<String, String> backends, Map<String, String> more)
      throws Exception {
    List<String> line = new ArrayList<>();
    line.add(DISTRIBUTION.resolve("polyptych").toString());
    line.add(command);
    line.addAll(List.of("--set", "managementPort=" + FreePort.next()));
    backends.forEach((key, value) -> line.addAll(List.of("--set", key + "=" + value)));
    more.forEach((key, value) -> line.addAll(List.of("--set", key + "=" + value)));
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(command + ".log").toFile())
            .start();
    processes.add(process);
    assertTrue(
        !process.waitFor(Duration.ofSeconds(1).toMillis(), TimeUnit.MILLISECONDS),
        command + " ended at once");
    return process;
  }
}
