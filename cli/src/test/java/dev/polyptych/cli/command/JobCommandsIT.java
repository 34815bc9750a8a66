package dev.polyptych.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.cli.TypedCommands;
import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import java.io.BufferedReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on jobs, against a cluster at work. */
class JobCommandsIT {
  /** Enough that it does not end by itself during a test. */
  private static final String LONG =
      "{\"task\": \"couple-profile\", \"prompt\": \"cats\", \"panels\": [\"a\", \"b\"],"
          + " \"steps\": 100, \"layout\": {\"rows\": 1, \"columns\": 2, \"panelWidth\": 512, \"panelHeight\": 512}}";

  private static EmbeddedCluster cluster;
  private static DispatcherClient client;

  private final TypedCommands typed = new TypedCommands(cluster);
  private final BlockingQueue<Integer> ends = new LinkedBlockingQueue<>();

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    cluster = EmbeddedCluster.temporary(TinyModels.folder(), "tiny");
    client = new DispatcherClient(cluster.dispatcher());
  }

  @AfterAll
  static void stop() {
    client.close();
    cluster.close();
  }

  @Test
  void severalSetsOfOneJobGoToFoldersOfTheirOwn() throws Exception {
    String out = folder.toString();
    typed.ok(
        "render",
        "--task",
        "couple-profile",
        "--steps",
        "1",
        "--seed",
        "7",
        "--count",
        "2",
        "--out",
        out);

    assertTrue(typed.out().contains("seed 7)"), typed::out);
    assertTrue(typed.out().contains("seed 8)"), typed::out);
    assertTrue(Files.mismatch(folder.resolve("1/sheet.png"), folder.resolve("2/sheet.png")) >= 0);
  }

  @Test
  void jobsThatNobodyWaitsForAreCancelledByTheirIds() throws Exception {
    Path file = Files.writeString(folder.resolve("job.json"), LONG);
    assertEquals(0, typed.run("render", "--job", file.toString(), "--count", "2", "--no-wait"));
    List<String> ids =
        Pattern.compile("job (j-\\w+)")
            .matcher(typed.out())
            .results()
            .map((MatchResult found) -> found.group(1))
            .toList();
    assertEquals(2, ids.size(), typed::out);

    assertEquals(0, typed.run("cancel", ids.get(0), ids.get(1)), typed::err);

    for (String id : ids) {
      assertEquals(JobState.CANCELLED, client.await(id).state());
    }
  }

  @Test
  void jobsAreListedByTheirMetadataAndState() throws Exception {
    String job = LONG.replaceFirst("\\{", "{\"metadata\": {\"order\": \"A 17\"}, ");
    JobStatus asked = client.submit(job.getBytes(StandardCharsets.UTF_8));
    client.submit(LONG.getBytes(StandardCharsets.UTF_8));

    assertEquals(0, typed.run("jobs", "--metadata", "order=A 17", "--limit", "300"), typed::err);

    List<String> lines = typed.out().lines().toList();
    assertEquals(2, lines.size(), typed::out);
    assertTrue(lines.getLast().startsWith(asked.id() + "  couple-profile"), typed::out);
    assertEquals(1, typed.run("jobs", "--state", "drawing"));
    assertTrue(typed.err().contains("state"), typed::err);
    for (JobStatus left : client.jobs(Map.of("limit", "200")).jobs()) {
      if (!left.state().terminal()) {
        client.cancel(left.id());
      }
    }
  }

  @Test
  void tasksAreListedWithTheirLayouts() {
    assertEquals(0, typed.run("tasks"));

    assertTrue(
        typed.out().lines().anyMatch(line -> line.matches("film-storyboard +tiny .*3 x 1.*")),
        typed::out);
  }

  @Test
  void aSecondInterruptCancelsAndTheFirstAsks() throws Exception {
    JobStatus job = client.submit(LONG.getBytes(StandardCharsets.UTF_8));
    FollowedJobs followed = new FollowedJobs(List.of(job), client, typed.screen(), true, ends::add);
    BufferedReader nobody = new BufferedReader(new StringReader(""));

    followed.interrupted(nobody);
    assertTrue(typed.out().contains("Ctrl-C again cancels " + job.id()), typed::out);
    followed.interrupted(nobody);

    assertEquals(Sigint.STATUS, ends.poll(1, TimeUnit.MINUTES));
    assertEquals(JobState.CANCELLED, client.await(job.id()).state());
  }

  @Test
  void enterAfterAnInterruptLeavesTheJob() throws Exception {
    JobStatus job = client.submit(LONG.getBytes(StandardCharsets.UTF_8));
    FollowedJobs followed = new FollowedJobs(List.of(job), client, typed.screen(), true, ends::add);

    followed.interrupted(new BufferedReader(new StringReader("\n")));

    assertLeft(job);
  }

  @Test
  void withoutATerminalAnInterruptLeavesTheJob() throws Exception {
    JobStatus job = client.submit(LONG.getBytes(StandardCharsets.UTF_8));
    FollowedJobs followed =
        new FollowedJobs(List.of(job), client, typed.screen(), false, ends::add);

    followed.interrupted(new BufferedReader(new StringReader("")));

    assertLeft(job);
  }

  private void assertLeft(JobStatus job) throws Exception {
    assertEquals(Sigint.STATUS, ends.poll(1, TimeUnit.MINUTES));
    assertTrue(typed.out().contains("polyptych cancel " + job.id()), typed::out);
    assertFalse(client.status(job.id()).state().terminal());
    client.cancel(job.id());
  }

  @Test
  void whatCannotBeIsToldByItsOption() {
    assertEquals(2, typed.run("render", "--count", "0"));
    assertEquals(
        2, typed.run("render", "--count", "2", "--receipt", folder.resolve("r").toString()));
    assertEquals(2, typed.run("render", "--no-wait", "--receipt", folder.resolve("r").toString()));

    assertTrue(typed.err().contains("--count: must be 1 to 1000, not 0"), typed::err);
    assertTrue(typed.err().contains("--receipt is for one set"), typed::err);
    assertTrue(typed.err().contains("leave --no-wait out"), typed::err);
  }
}
