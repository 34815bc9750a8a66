package dev.polyptych.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.cli.Polyptych;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small run on real processes: what the large one of docs/reliability.md is made of. */
class DrillCommandIT {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @BeforeAll
  static void drawWithTheTinyModel() {
    TinyModels.makeBuiltIn();
  }

  @Test
  void theClusterSurvivesAKillAZombieARestartOfRedisPoisonAndASecondUpAndNoProcessIsLeft()
      throws IOException {
    Path data = folder.resolve("drill");
    Instant begun = Instant.now().minus(Duration.ofSeconds(1));

    int status =
        polyptych(
            "drill",
            "--drills",
            "kill=1,zombie=1,redis=1,poison=1,second-up=1",
            "--open",
            "2",
            "--checkpoint-seconds",
            "0",
            "--session-seconds",
            "3",
            "--out",
            data.toString(),
            "--json");

    assertEquals(0, status, out + err.toString());
    JsonNode figures = Json.mapper().readTree(out.toString()).path("figures");
    assertEquals(1, figures.path("kill_done").asInt());
    assertEquals(1, figures.path("kill_further_attempts").asInt());
    assertEquals(1, figures.path("second-up_done").asInt());
    assertEquals(1, figures.path("zombie_further_attempts").asInt());
    assertEquals(
        Files.readAllLines(data.resolve("accepted.txt")).size(),
        figures.path("accepted_jobs").asInt());
    assertEquals(figures.path("accepted_jobs").asInt(), figures.path("done_jobs").asInt());
    long left =
        ProcessHandle.current()
            .descendants()
            .filter(process -> process.info().startInstant().filter(begun::isBefore).isPresent())
            .count();
    assertEquals(0, left, "processes that outlive the drills");
  }

  @Test
  void aDrillThatIsNoneEndsWithTheUsageStatus() {
    int status = polyptych("drill", "--drills", "kil", "--workers", "1");

    assertEquals(2, status);
    assertTrue(
        err.toString().contains("'kil' is no drill; there are: kill, zombie"), err::toString);
    assertTrue(err.toString().contains("--workers: must be at least 2"), err::toString);
  }

  private int polyptych(String... arguments) {
    return Polyptych.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
