package dev.polyptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.job.JobStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of jobs, as a user submits it and follows it to its end. */
class BatchCommandIT {
  private static final String GOOD =
      "{\"task\": \"couple-profile\", \"prompt\": \"two cats\", \"panels\": [\"one\", \"two\"],"
          + " \"steps\": 1}\n";

  private static EmbeddedCluster cluster;

  private final TypedCommands typed = new TypedCommands(cluster);

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    cluster = EmbeddedCluster.temporary(TinyModels.folder(), "tiny");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void aFileIsSubmittedAndItsRefusedLinesAreTold() throws Exception {
    Path file = file(GOOD + "{}\n" + GOOD);

    int status =
        typed.run("batch", file.toString(), "--batch", "spring", "--idempotency-key", "spring-1");
    int again =
        typed.run("batch", file.toString(), "--batch", "summer", "--idempotency-key", "spring-1");

    assertEquals(1, status, typed::err);
    assertEquals(1, again, typed::err);
    assertTrue(typed.out().contains("line 2: task: "), typed::out);
    assertTrue(typed.out().contains("3 lines: 2 accepted, 1 refused"), typed::out);
    assertTrue(typed.out().contains("batch spring"), typed::out);
    assertTrue(typed.out().contains("2 jobs are in another batch"), typed::out);
    try (DispatcherClient client = new DispatcherClient(cluster.dispatcher())) {
      for (JobStatus job : client.jobs(Map.of("batch", "spring")).jobs()) {
        client.await(job.id());
      }
    }
    assertEquals(0, typed.run("batch", "--status", "spring"), typed::err);
    assertTrue(typed.out().contains("batch spring: 2 jobs, settled"), typed::out);
    assertTrue(typed.out().contains("done       2"), typed::out);
    assertEquals(0, typed.run("batch", "--cancel", "spring"), typed::err);
    assertTrue(typed.out().contains("0 cancelled, 2 had settled before"), typed::out);
  }

  @Test
  void aLongFileGoesInPortionsAndItsLinesKeepTheirNumbers() throws IOException {
    int status = typed.run("batch", file("{}\n".repeat(501)).toString());

    assertEquals(1, status, typed::err);
    assertTrue(typed.out().contains("500 lines: 0 accepted, 500 refused"), typed::out);
    assertTrue(typed.out().contains("501 lines: 0 accepted, 501 refused"), typed::out);
    assertTrue(typed.out().contains("line 501: "), typed::out);
  }

  @Test
  void aBatchThatIsNoneIsToldClearly() {
    assertEquals(1, typed.run("batch", "--status", "autumn"));

    assertTrue(typed.err().contains("there is no batch autumn"), typed::err);
  }

  private Path file(String lines) throws IOException {
    return Files.writeString(folder.resolve("batch.jsonl"), lines);
  }
}
