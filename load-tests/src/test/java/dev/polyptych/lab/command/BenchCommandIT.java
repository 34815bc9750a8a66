package dev.polyptych.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polyptych.cli.Polyptych;
import dev.polyptych.engine.tiny.TinyModels;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The benches of the dispatcher run and report; what they report here means nothing. */
class BenchCommandIT {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void drawWithTheTinyModel() {
    TinyModels.makeBuiltIn();
  }

  @Test
  void manyStreamsNeedOneSubscriptionAndLoseNoEvent() throws IOException {
    JsonNode report = bench("streams", "--idle", "100", "--active", "5", "--seconds", "2");

    JsonNode figures = report.path("figures");
    assertEquals(1, figures.path("redis_subscriptions").intValue());
    assertEquals(105, figures.path("streams_held_to_the_end").intValue());
    assertEquals(20, figures.path("events").intValue());
    assertEquals(0, figures.path("events_lost").intValue());
    assertTrue(figures.path("delivery_p99_seconds").doubleValue() > 0, figures::toString);
    assertEquals(
        List.of(">= 5000.0", ">= 200.0", "<= 1.0"), report.path("aims").findValuesAsText("aim"));
  }

  @Test
  void moreStreamsThanThisProcessMayHaveSocketsAreRefusedWithTheRemedy() {
    int status = run("bench", "streams", "--idle", "2000000000");

    assertEquals(1, status);
    assertTrue(err.toString().contains("raise it with 'ulimit -n"), err::toString);
  }

  @Test
  void dispatchReportsEveryArmAtEveryNumberOfConnections() throws IOException {
    JsonNode report = bench("dispatch", "--cold", "--seconds", "1", "--rounds", "1");

    for (String arm : List.of("producer", "writes", "single", "batch")) {
      for (int connections : List.of(1, 16, 256)) {
        String name = "%s_%d_accepted_per_second".formatted(arm, connections);
        assertTrue(report.path("figures").path(name).doubleValue() > 0, name);
      }
    }
    assertTrue(report.path("figures").path("overhead_load_80_jobs").doubleValue() > 0);
    assertEquals(
        List.of(">= 0.5", ">= 0.5", "<= 0.01", "<= 0.025"),
        report.path("aims").findValuesAsText("aim"));
  }

  @Test
  void resultsInTheObjectStoreLeaveRedisSmall() throws Exception {
    JsonNode report = bench("results", "--sets", "3", "--redis-sets", "2");
    JsonNode figures = report.path("figures");

    double set = 1e6 * figures.path("objects_image_mb_per_set").doubleValue();
    assertEquals(3, figures.path("objects_sets").intValue());
    assertTrue(set > 5e6 && set < 9e6, figures::toString);
    assertTrue(
        figures.path("objects_used_memory_bytes_per_set").doubleValue() < set / 10,
        figures::toString);
    assertTrue(
        figures.path("redis_used_memory_bytes_per_set").doubleValue() > set / 2, figures::toString);
  }

  @Test
  void clusterReportsEveryArmAtBothLoadsBesideThePrediction() throws IOException {
    JsonNode report =
        bench("cluster", "--jobs", "12", "--workers", "2", "--tasks", "3", "--steps", "1");

    for (String load : List.of("load_80", "overload")) {
      for (String arm : List.of("fifo", "key_hash", "ours")) {
        String name = "%s_%s_jobs_per_second".formatted(load, arm);
        assertTrue(report.path("figures").path(name).doubleValue() > 0, name);
        assertTrue(report.path("figures").path(name + "_simulated").doubleValue() > 0, name);
      }
    }
    assertEquals(Collections.nCopies(18, "<= 0.15"), report.path("aims").findValuesAsText("aim"));
  }

  @Test
  void whoJoinsLeavesOrIsKilledMovesNoMoreThanItMust() throws IOException {
    JsonNode report = bench("cluster", "--rebalance", "1", "--workers", "3", "--steps", "1");

    assertEquals(4, report.path("figures").path("join_times").intValue());
    for (JsonNode aim : report.path("aims")) {
      if (aim.path("name").textValue().endsWith("_moved_beyond_need")) {
        assertEquals(0, aim.path("value").doubleValue(), aim::toString);
      }
    }
  }

  @Test
  void aStepCacheOfNoKnownFormIsRefusedWithAnExample() {
    int status = run("bench", "step-cache", "--step-cache", "first-block:0.1,teacache");

    assertEquals(2, status);
    assertTrue(
        err.toString().contains("--step-cache: must be none, or first-block"), err::toString);
    assertTrue(err.toString().contains("was 'teacache'"), err::toString);
  }

  @Test
  void startupReportsThePartsOfARealClusterAndOfARealWorker() throws IOException {
    JsonNode figures = bench("startup", "--rounds", "1").path("figures");

    for (String part : List.of("java", "redis", "kafka", "dispatcher", "model", "join")) {
      String name = "up_plain_part_" + part + "_seconds";
      assertTrue(figures.path(name).doubleValue() > 0, name);
    }
    for (String process : List.of("up", "worker")) {
      double ready = figures.path(process + "_plain_ready_seconds").doubleValue();
      double step = figures.path(process + "_plain_first_step_seconds").doubleValue();
      double processor = figures.path(process + "_plain_ready_processor_seconds").doubleValue();
      assertTrue(ready > 0 && processor > 0, figures::toString);
      assertTrue(step >= ready, figures::toString);
      for (String part : List.of("java", "pytorch", "clients", "model", "warm_up", "join")) {
        String name = process + "_plain_part_" + part + "_seconds";
        double seconds = figures.path(name).doubleValue();
        assertTrue(seconds > 0 && seconds <= ready, name);
      }
    }
  }

  private JsonNode bench(String name, String... options) throws IOException {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "bench";
    arguments[1] = name;
    arguments[2] = "--json";
    System.arraycopy(options, 0, arguments, 3, options.length);
    assertEquals(0, run(arguments), err::toString);
    return new ObjectMapper().readTree(out.toString());
  }

  private int run(String... arguments) {
    return Polyptych.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
