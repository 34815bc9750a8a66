package dev.polyptych.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.cli.Polyptych;
import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final PrintWriter screen = new PrintWriter(out);
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
    String[] render = {
      "render", "--task", "couple-profile", "--steps", "1", "--seed", "7", "--count", "2"
    };
    assertEquals(0, run(with(render, "--out", folder.toString())), err::toString);

    assertTrue(out.toString().contains("seed 7)"), out::toString);
    assertTrue(out.toString().contains("seed 8)"), out::toString);
    assertTrue(Files.mismatch(folder.resolve("1/sheet.png"), folder.resolve("2/sheet.png")) >= 0);
  }

  @Test
  void jobsThatNobodyWaitsForAreCancelledByTheirIds() throws Exception {
    Path file = Files.writeString(folder.resolve("job.json"), LONG);
    assertEquals(0, run("render", "--job", file.toString(), "--count", "2", "--no-wait"));
    List<String> ids =
        Pattern.compile("job (j-\\w+)")
            .matcher(out.toString())
            .results()
            .map((MatchResult found) -> found.group(1))
            .toList();
    assertEquals(2, ids.size(), out::toString);

    assertEquals(0, run("cancel", ids.get(0), ids.get(1)), err::toString);

    for (String id : ids) {
      assertEquals(JobState.CANCELLED, client.await(id).state());
    }
  }

  @Test
  void jobsAreListedByTheirMetadataAndState() throws Exception {
    String job = LONG.replaceFirst("\\{", "{\"metadata\": {\"order\": \"A 17\"}, ");
    JobStatus asked = client.submit(job.getBytes(StandardCharsets.UTF_8));
    client.submit(LONG.getBytes(StandardCharsets.UTF_8));

    assertEquals(0, run("jobs", "--metadata", "order=A 17", "--limit", "300"), err::toString);

    List<String> lines = out.toString().lines().toList();
    assertEquals(2, lines.size(), out::toString);
    assertTrue(lines.getLast().startsWith(asked.id() + "  couple-profile"), out::toString);
    assertEquals(1, run("jobs", "--state", "drawing"));
    assertTrue(err.toString().contains("state"), err::toString);
    for (JobStatus left : client.jobs(Map.of("limit", "200")).jobs()) {
      if (!left.state().terminal()) {
        client.cancel(left.id());
      }
    }
  }

  @Test
  void tasksAreListedWithTheirLayouts() {
    assertEquals(0, run("tasks"));

    assertTrue(
        out.toString().lines().anyMatch(line -> line.matches("film-storyboard +tiny .*3 x 1.*")),
        out::toString);
  }

  @Test
  void aSecondInterruptCancelsAndTheFirstAsks() throws Exception {
    JobStatus job = client.submit(LONG.getBytes(StandardCharsets.UTF_8));
    FollowedJobs followed = new FollowedJobs(List.of(job), client, screen, true, ends::add);
    BufferedReader nobody = new BufferedReader(new StringReader(""));

    followed.interrupted(nobody);
    assertTrue(out.toString().contains("Ctrl-C again cancels " + job.id()), out::toString);
    followed.interrupted(nobody);

    assertEquals(Sigint.STATUS, ends.poll(1, TimeUnit.MINUTES));
    assertEquals(JobState.CANCELLED, client.await(job.id()).state());
  }

  @Test
  void enterAfterAnInterruptLeavesTheJob() throws Exception {
    JobStatus job = client.submit(LONG.getBytes(StandardCharsets.UTF_8));
    FollowedJobs followed = new FollowedJobs(List.of(job), client, screen, true, ends::add);

    followed.interrupted(new BufferedReader(new StringReader("\n")));

    assertLeft(job);
  }

  @Test
  void withoutATerminalAnInterruptLeavesTheJob() throws Exception {
    JobStatus job = client.submit(LONG.getBytes(StandardCharsets.UTF_8));
    FollowedJobs followed = new FollowedJobs(List.of(job), client, screen, false, ends::add);

    followed.interrupted(new BufferedReader(new StringReader("")));

    assertLeft(job);
  }

  private void assertLeft(JobStatus job) throws Exception {
    assertEquals(Sigint.STATUS, ends.poll(1, TimeUnit.MINUTES));
    assertTrue(out.toString().contains("polyptych cancel " + job.id()), out::toString);
    assertFalse(client.status(job.id()).state().terminal());
    client.cancel(job.id());
  }

  @Test
  void whatCannotBeIsToldByItsOption() {
    assertEquals(2, run("render", "--count", "0"));
    assertEquals(2, run("render", "--count", "2", "--receipt", folder.resolve("r").toString()));
    assertEquals(2, run("render", "--no-wait", "--receipt", folder.resolve("r").toString()));

    assertTrue(err.toString().contains("--count: must be 1 to 1000, not 0"), err::toString);
    assertTrue(err.toString().contains("--receipt is for one set"), err::toString);
    assertTrue(err.toString().contains("leave --no-wait out"), err::toString);
  }

  private static String[] with(String[] arguments, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private int run(String... arguments) {
    return Polyptych.commandLine()
        .setOut(screen)
        .setErr(new PrintWriter(err))
        .execute(with(arguments, "--dispatcher", cluster.dispatcher().toString()));
  }
}
