package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.dispatcher.callback.Receiver;
import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.RedisServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callbacks over the whole dispatcher, from the submission to a real receiver. */
class CallbacksIT {
  private static RedisServer redis;
  private static Receiver receiver;
  private static RunningDispatcher running;
  private static ApiCaller caller;

  @BeforeAll
  static void start() throws Exception {
    redis = RedisServer.start(Optional.empty(), FreePort.next());
    receiver = new Receiver();
    Map<String, String> settings =
        Map.of("callbackSecret", Receiver.SECRET, "callbackAllow", "127.0.0.1/32");
    running = RunningDispatcher.start(Backends.kafkaBootstrapServers(), redis.uri(), settings);
    caller = running.caller();
    caller.submittedInTime(Requests.COUPLE);
  }

  @AfterAll
  static void stop() {
    running.close();
    receiver.close();
    redis.close();
  }

  @Test
  void aSettledJobIsToldWithTheStatusThatReadingItAnswers() throws Exception {
    String id = caller.submitted(withCallback(receiver.url()));
    Worker.renders(running.store(), id);

    Receiver.Received call = receiver.take();

    assertTrue(call.genuine());
    assertEquals(id, call.id());
    assertArrayEquals(caller.get("/v1/jobs/" + id).body(), call.body());
    assertEquals("done", ApiCaller.json(caller.get("/v1/jobs/" + id)).path("state").textValue());
  }

  @Test
  void aCancelledJobIsToldAndItsCallbackIsListedAndSentAgain() throws Exception {
    // Given
    String id = caller.submitted(withCallback(receiver.url()));
    caller.delete("/v1/jobs/" + id);
    Receiver.Received first = receiver.take();
    delivered(id);
    // When
    HttpResponse<byte[]> again = post("/v1/callbacks/" + id + ":redeliver");
    // Then
    assertEquals(202, again.statusCode());
    assertEquals("pending", ApiCaller.json(again).path("state").textValue());
    Receiver.Received second = receiver.take();
    assertEquals(first.id(), second.id());
    assertArrayEquals(first.body(), second.body());
    JsonNode listed = delivered(id);
    assertEquals(
        listed,
        ApiCaller.json(caller.get("/v1/callbacks?state=delivered&limit=1")).at("/callbacks/0"));
    assertTrue(metrics().contains("polyptych_dispatcher_callback_deliveries_total"));
  }

  @Test
  void aJobWithoutCallbackSaysSo() {
    String open = caller.submitted(withCallback(receiver.url()));
    String settled = caller.submitted(Requests.COUPLE);
    Worker.renders(running.store(), settled);

    assertEquals("UNKNOWN_CALLBACK", code(caller.get("/v1/callbacks/" + open), 404));
    assertEquals("UNKNOWN_CALLBACK", code(caller.get("/v1/callbacks/" + settled), 404));
    assertEquals("UNKNOWN_CALLBACK", code(post("/v1/callbacks/" + open + ":redeliver"), 404));
    assertEquals("UNKNOWN_JOB", code(caller.get("/v1/callbacks/j-none"), 404));
    assertEquals("UNKNOWN_JOB", code(post("/v1/callbacks/j-none:redeliver"), 404));
    assertEquals("UNKNOWN_JOB", code(caller.get("/v1/callbacks/%7Bx%7D"), 404));
    assertEquals("UNKNOWN_PATH", code(post("/v1/callbacks/" + open), 404));
  }

  @ParameterizedTest
  @CsvSource({
    "state=sent, state",
    "limit=0, limit",
    "cursor=!, cursor",
    "task=film-storyboard, task",
  })
  void aWrongQueryIsNamed(String query, String field) {
    HttpResponse<byte[]> answer = caller.get("/v1/callbacks?" + query);

    assertEquals(422, answer.statusCode());
    assertEquals(field, ApiCaller.json(answer).at("/errors/0/field").textValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.2/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1:8080/",
        "http://167772161/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::10.0.0.1]/",
        "https://[fd00::1]/",
        "http://0.0.0.0/",
      })
  void anAddressThatIsNotPublicIsRefusedAtOnce(String url) {
    HttpResponse<byte[]> answer = caller.submit(withCallback(url));

    assertEquals(422, answer.statusCode());
    JsonNode error = ApiCaller.json(answer).at("/errors/0");
    assertEquals("callbackUrl", error.path("field").textValue());
    assertTrue(error.path("detail").textValue().contains("callbackAllow"), error::toString);
  }

  @Test
  void withoutASecretNobodyCanBeCalled() {
    try (RunningDispatcher without =
        RunningDispatcher.start(Backends.kafkaBootstrapServers(), redis.uri(), Map.of())) {
      HttpResponse<byte[]> answer = without.caller().submit(withCallback("https://example.com/"));

      assertEquals(422, answer.statusCode());
      String detail = ApiCaller.json(answer).path("detail").textValue();
      assertTrue(detail.startsWith("callbackUrl: ") && detail.contains("callbackSecret"), detail);
    }
  }

  @Test
  void nothingOfAnAddressIsInTheMetrics() throws Exception {
    String id = caller.submitted(withCallback(receiver.url()));
    caller.delete("/v1/jobs/" + id);
    receiver.take();

    assertFalse(metrics().contains("order=A-17"));
    assertFalse(metrics().contains(id));
  }

  private static JsonNode delivered(String id) {
    long endNanos = System.nanoTime() + ApiCaller.DEADLINE.toNanos();
    while (System.nanoTime() < endNanos) {
      JsonNode callback = ApiCaller.json(caller.get("/v1/callbacks/" + id));
      if (callback.path("state").asText().equals("delivered")) {
        return callback;
      }
    }
    throw new AssertionError("not delivered in time");
  }

  private static String metrics() {
    return new String(running.management().get("/metrics").body(), UTF_8);
  }

  private static String code(HttpResponse<byte[]> answer, int status) {
    assertEquals(status, answer.statusCode());
    return ApiCaller.json(answer).path("code").textValue();
  }

  private static HttpResponse<byte[]> post(String path) {
    return caller.send(caller.request(path).POST(BodyPublishers.noBody()));
  }

  private static String withCallback(String url) {
    return Requests.coupleWith("\"callbackUrl\": \"" + url + "\"");
  }
}
