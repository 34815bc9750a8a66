package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.Backends;
import dev.polyptych.policy.routing.PartitionRanking;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubmitIT {
  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private static RunningDispatcher running;
  private LaneTail lanes;

  @BeforeAll
  static void start() {
    running = RunningDispatcher.start();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @BeforeEach
  void open() {
    lanes = new LaneTail(Backends.kafkaBootstrapServers());
  }

  @AfterEach
  void close() {
    lanes.close();
  }

  @Test
  void anAcceptedJobIsQueuedAndItsStatusIsWhereTheAnswerSays() {
    HttpResponse<byte[]> accepted = running.caller().submit(Requests.COUPLE);

    assertEquals(202, accepted.statusCode());
    JsonNode status =
        ApiCaller.json(
            running.caller().get(accepted.headers().firstValue("Location").orElseThrow()));
    assertEquals("queued", status.path("state").textValue());
    assertEquals(ApiCaller.json(accepted), status);
  }

  @Test
  void theRecordIsOnItsLaneWhenTheAnswerComes() {
    String id = running.caller().submitted(Requests.coupleWith("\"lane\": \"batch\""));

    List<ConsumerRecord<String, byte[]>> records = lanes.records();
    assertEquals(1, records.size());
    ConsumerRecord<String, byte[]> record = records.getFirst();
    assertEquals("polyptych.render.tiny.batch", record.topic());
    assertEquals("couple-profile", record.key());
    assertEquals(PartitionRanking.first("couple-profile", 32), record.partition());
    RenderRecord value =
        ((Validated.Valid<RenderRecord>) RenderRecord.read(record.value())).value();
    assertEquals(id, value.id());
  }

  @Test
  void theTraceTravelsInTheRecordsHeaders() {
    HttpResponse<byte[]> accepted =
        running
            .caller()
            .send(
                running
                    .caller()
                    .request("/v1/jobs")
                    .header("Content-Type", "application/json; charset=utf-8")
                    .header("traceparent", TRACE)
                    .POST(BodyPublishers.ofString(Requests.COUPLE)));

    assertEquals(202, accepted.statusCode());
    var headers = lanes.records().getFirst().headers();
    assertEquals(TRACE, new String(headers.lastHeader(Topics.HEADER_TRACEPARENT).value(), UTF_8));
    assertEquals("1", new String(headers.lastHeader(Topics.HEADER_ATTEMPT).value(), UTF_8));
    assertEquals("default", new String(headers.lastHeader(Topics.HEADER_TENANT).value(), UTF_8));
    assertEquals("tiny", new String(headers.lastHeader(Topics.HEADER_BASE).value(), UTF_8));
  }

  @Test
  void aSeedIsDrawnWhereNoneIsGivenAndKeptWhereOneIs() {
    JsonNode drawn = ApiCaller.json(running.caller().submit(Requests.COUPLE));
    JsonNode drawnAgain = ApiCaller.json(running.caller().submit(Requests.COUPLE));
    JsonNode given = ApiCaller.json(running.caller().submit(Requests.coupleWith("\"seed\": 7")));

    assertNotEquals(drawn.path("seed"), drawnAgain.path("seed"));
    assertEquals(7, given.path("seed").longValue());
  }

  @Test
  void whatTheCallerAttachedComesBackWithTheStatus() {
    String id =
        running
            .caller()
            .submitted(
                Requests.coupleWith("\"metadata\": {\"order\": \"A-17\"}, \"label\": \"spring\""));

    JsonNode status = ApiCaller.json(running.caller().get("/v1/jobs/" + id));

    assertEquals("A-17", status.path("metadata").path("order").textValue());
    assertEquals("spring", status.path("label").textValue());
  }

  @Test
  void aCancelledJobIsCancelledForGood() {
    String id = running.caller().submitted(Requests.COUPLE);

    HttpResponse<byte[]> cancelled = running.caller().delete("/v1/jobs/" + id);
    HttpResponse<byte[]> again = running.caller().delete("/v1/jobs/" + id);

    assertEquals("cancelled", ApiCaller.json(cancelled).path("state").textValue());
    assertEquals(200, again.statusCode());
    assertEquals(ApiCaller.json(cancelled), ApiCaller.json(again));
  }

  @Test
  void aJobThatSettledOtherwiseCanNotBeCancelled() {
    String id = running.caller().submitted(Requests.COUPLE);
    Worker.renders(running.store(), id);

    HttpResponse<byte[]> refused = running.caller().delete("/v1/jobs/" + id);

    assertEquals(409, refused.statusCode());
    JsonNode problem = ApiCaller.json(refused);
    assertEquals("ALREADY_SETTLED", problem.path("code").textValue());
    assertTrue(problem.path("detail").textValue().contains("is done"));
  }

  @Test
  void aWorkerLosesACancelledJob() {
    String id = running.caller().submitted(Requests.COUPLE);
    int attempt = Worker.claims(running.store(), id);

    running.caller().delete("/v1/jobs/" + id);

    assertEquals("CANCELLED", running.store().progress(id, attempt, 1, false).name());
  }
}
