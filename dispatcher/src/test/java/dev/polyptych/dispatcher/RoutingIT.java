package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.policy.routing.PartitionRanking;
import dev.polyptych.schema.fleet.AdapterTiers;
import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.WorkerLoad;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two workers as their heartbeats show them: the adapter's first 16 choices belong to one that has
 * much to do, the others to one that has nothing.
 */
class RoutingIT {
  private static final List<Integer> RANKING = PartitionRanking.of("couple-profile", 32);
  private static final int FIRST = RANKING.getFirst();
  private static final int FIRST_OF_IDLE = RANKING.get(16);
  private static final WorkerLoad BUSY =
      new WorkerLoad(1e-5, 0.5, 2, 0, 1000, List.of("couple-profile"));

  private RedisServer redis;
  private int port;
  private RunningDispatcher running;

  @BeforeEach
  void start() throws Exception {
    port = FreePort.next();
    redis = RedisServer.start(Optional.empty(), port);
    running = RunningDispatcher.start(Backends.kafkaBootstrapServers(), redis.uri(), Map.of());
    PlayedWorker.settleAll(running);
    PlayedWorker.awaitSettled(running);
    new PlayedWorker("busy", running).beats("couple-profile", RANKING.subList(0, 16), BUSY);
    new PlayedWorker("idle", running)
        .beats("font-design", RANKING.subList(16, 32), PlayedWorker.MEASURED);
    ready(2);
  }

  @AfterEach
  void stop() {
    running.close();
    redis.close();
  }

  @Test
  void jobsOfBothLanesAndRerollsGoToTheWorkerWithLessToDo() {
    String interactive = running.caller().submitted(Requests.COUPLE);
    String batch = running.caller().submitted(Requests.coupleWith("\"lane\": \"batch\""));
    Worker.renders(running.store(), interactive);
    HttpResponse<byte[]> reroll =
        running
            .caller()
            .send(
                running
                    .caller()
                    .request("/v1/jobs/" + interactive + "/panels/1:reroll")
                    .POST(BodyPublishers.noBody()));

    assertEquals(FIRST_OF_IDLE, partition(interactive));
    assertEquals(FIRST_OF_IDLE, partition(batch));
    assertEquals(FIRST_OF_IDLE, partition(ApiCaller.json(reroll).path("id").textValue()));
    String metrics = new String(running.management().get("/metrics").body(), UTF_8);
    assertTrue(metrics.contains("jobs_routed_total{reason=\"resident\"} 3.0"), metrics);
    assertTrue(
        metrics.contains("spread_workers{base=\"tiny\",task=\"couple-profile\"} 2.0"), metrics);
  }

  @Test
  void aWarmWorkerTakesTheJobAsLongAsItHasLessToDoThanASwapTakes() {
    // Given a swap that takes five seconds, and four seconds before the warm worker
    new PlayedWorker("busy", running)
        .beats("couple-profile", RANKING.subList(16, 32), swapping(4, new SwapCosts(0, 0, 5, 5)));
    new PlayedWorker("idle", running)
        .beats("font-design", RANKING.subList(0, 16), swapping(0, new SwapCosts(0, 0, 5, 5)));
    running
        .caller()
        .until("/v1/tasks/couple-profile/placement", body -> body.contains("\"reason\":\"warm\""));

    String id = running.caller().submitted(Requests.COUPLE);

    assertEquals(FIRST_OF_IDLE, partition(id));
    String why = new String(running.caller().get("/v1/jobs/" + id + "/why").body(), UTF_8);
    assertTrue(why.contains("\"code\":\"WAITS_FOR_HOLDER\""), why);
  }

  @Test
  void theEstimateIsOfThePartitionThatTheJobGetsAndWhyNamesItsWorker() {
    JsonNode submitted = ApiCaller.json(running.caller().submit(Requests.COUPLE));

    assertEquals(0, submitted.at("/estimate/jobsAhead").intValue(), submitted::toString);
    assertEquals(
        submitted.at("/times/accepted").textValue().substring(0, 16),
        submitted.at("/estimate/start").textValue().substring(0, 16));
    JsonNode why =
        ApiCaller.json(
            running.caller().get("/v1/jobs/" + submitted.path("id").textValue() + "/why"));
    assertEquals("NEXT", why.at("/reasons/0/code").textValue(), why::toString);
    assertEquals("idle", why.at("/reasons/0/worker").textValue());
  }

  @Test
  void withTheHeartbeatsGoneAndTheStoreBackJobsGoInRankOrder() {
    redis.close();
    redis = RedisServer.start(Optional.empty(), port);
    running
        .management()
        .until("/metrics", body -> body.contains("workers{base=\"tiny\",state=\"ready\"} 0.0"));

    try (LaneTail lanes = new LaneTail(Backends.kafkaBootstrapServers())) {
      running.caller().submittedInTime(Requests.COUPLE);

      assertEquals(FIRST, lanes.records().getFirst().partition());
    }
    String metrics = new String(running.management().get("/metrics").body(), UTF_8);
    assertTrue(metrics.contains("jobs_routed_total{reason=\"no_heartbeats\"} 1.0"), metrics);
  }

  @Test
  void thePlacementShowsBothWorkersAndWhichTheNextJobGets() {
    running.caller().submitted(Requests.COUPLE);

    JsonNode report = ApiCaller.json(running.caller().get("/v1/tasks/couple-profile/placement"));

    assertEquals("couple-profile", report.path("adapter").textValue());
    assertEquals(32, report.path("partitions").intValue());
    assertEquals(0.5, report.path("share").doubleValue(), 1e-6);
    assertEquals(2, report.path("width").intValue());
    assertEquals(FIRST, report.at("/spread/0/partition").intValue());
    assertEquals("busy", report.at("/spread/0/worker").textValue());
    assertEquals("warm", report.at("/spread/0/tier").textValue());
    assertEquals(1000, report.at("/spread/0/outstandingSeconds").doubleValue(), 1e-6);
    assertEquals("idle", report.at("/spread/1/worker").textValue());
    assertEquals(FIRST_OF_IDLE, report.at("/next/partition").intValue());
    assertEquals("resident", report.at("/next/reason").textValue());
  }

  @Test
  void thePlacementOfAnUnknownTaskIsNotFoundWithTheNearestName() {
    HttpResponse<byte[]> answer = running.caller().get("/v1/tasks/couple-profil/placement");

    assertEquals(404, answer.statusCode());
    JsonNode problem = ApiCaller.json(answer);
    assertEquals("UNKNOWN_TASK", problem.path("code").textValue());
    assertTrue(
        problem.path("detail").textValue().contains("did you mean 'couple-profile'?"),
        problem::toString);
  }

  @Test
  void theWorkersTellWhatIsBeforeThemAndWhetherTheyLoad() {
    new PlayedWorker("new", running).loads();
    running
        .management()
        .until("/metrics", body -> body.contains("workers{base=\"tiny\",state=\"loading\"} 1.0"));

    JsonNode workers = ApiCaller.json(running.caller().get("/v1/workers")).path("workers");

    assertEquals("busy", workers.at("/0/id").textValue());
    assertEquals(1000, workers.at("/0/outstandingSeconds").doubleValue(), 1e-6);
    assertEquals(0, workers.at("/1/outstandingSeconds").doubleValue(), 1e-6);
    assertEquals("new", workers.at("/2/id").textValue());
    assertTrue(workers.at("/2/loading").booleanValue());
  }

  /** Of a worker that holds nothing but what it draws with. */
  private static WorkerLoad swapping(double waitingSeconds, SwapCosts costs) {
    return new WorkerLoad(
        1e-5, 0.5, 2, 0, waitingSeconds, List.of(), AdapterTiers.NONE, costs, Optional.empty());
  }

  private int partition(String id) {
    return running.store().status(id).orElseThrow().place().orElseThrow().partition();
  }

  private void ready(int workers) {
    String line = "workers{base=\"tiny\",state=\"ready\"} %d.0".formatted(workers);
    running.management().until("/metrics", body -> body.contains(line));
  }
}
