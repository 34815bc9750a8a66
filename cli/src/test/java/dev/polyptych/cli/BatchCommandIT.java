package dev.polyptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.job.JobStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

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

    int status = batch(file.toString(), "--batch", "spring", "--idempotency-key", "spring-1");
    int again = batch(file.toString(), "--batch", "summer", "--idempotency-key", "spring-1");

    assertEquals(1, status, err::toString);
    assertEquals(1, again, err::toString);
    assertTrue(out.toString().contains("line 2: task: "), out::toString);
    assertTrue(out.toString().contains("3 lines: 2 accepted, 1 refused"), out::toString);
    assertTrue(out.toString().contains("batch spring"), out::toString);
    assertTrue(out.toString().contains("2 jobs are in another batch"), out::toString);
    try (DispatcherClient client = new DispatcherClient(cluster.dispatcher())) {
      for (JobStatus job : client.jobs(Map.of("batch", "spring")).jobs()) {
        client.await(job.id());
      }
    }
    assertEquals(0, batch("--status", "spring"), err::toString);
    assertTrue(out.toString().contains("batch spring: 2 jobs, settled"), out::toString);
    assertTrue(out.toString().contains("done       2"), out::toString);
    assertEquals(0, batch("--cancel", "spring"), err::toString);
    assertTrue(out.toString().contains("0 cancelled, 2 had settled before"), out::toString);
  }

  @Test
  void aLongFileGoesInPortionsAndItsLinesKeepTheirNumbers() throws IOException {
    int status = batch(file("{}\n".repeat(501)).toString());

    assertEquals(1, status, err::toString);
    assertTrue(out.toString().contains("500 lines: 0 accepted, 500 refused"), out::toString);
    assertTrue(out.toString().contains("501 lines: 0 accepted, 501 refused"), out::toString);
    assertTrue(out.toString().contains("line 501: "), out::toString);
  }

  @Test
  void aBatchThatIsNoneIsToldClearly() {
    assertEquals(1, batch("--status", "autumn"));

    assertTrue(err.toString().contains("there is no batch autumn"), err::toString);
  }

  private Path file(String lines) throws IOException {
    return Files.writeString(folder.resolve("batch.jsonl"), lines);
  }

  private int batch(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "batch";
    all[1] = "--dispatcher";
    all[2] = cluster.dispatcher().toString();
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return Polyptych.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all);
  }
}
