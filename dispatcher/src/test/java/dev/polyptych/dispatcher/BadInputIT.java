package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.Backends;
import java.io.ByteArrayInputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong with a request is named with its remedy, and nothing is enqueued. */
class BadInputIT {
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
  void nothingWasEnqueued() {
    assertEquals(0, lanes.appended());
    lanes.close();
  }

  @Test
  void whoIsAnsweredBeforeAllOfTheBodyIsReadHearsThatTheConnectionEnds() {
    // Given
    String large = "{\"prompt\": \"" + "x".repeat(1 << 20) + "\"}";
    // When
    HttpResponse<byte[]> unread = running.caller().submit(large);
    HttpResponse<byte[]> read = running.caller().submit("{}");
    // Then
    assertEquals(413, unread.statusCode());
    assertEquals(Optional.of("close"), unread.headers().firstValue("Connection"));
    assertEquals(422, read.statusCode());
    assertEquals(Optional.empty(), read.headers().firstValue("Connection"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"task\": \"couple-profile\", | 400 | MALFORMED_JSON | `` | line 1",
        "[1, 2]                         | 400 | MALFORMED_JSON | `` | one JSON object",
        "``                             | 400 | MALFORMED_JSON | `` | one JSON object",
        "{} garbage                     | 400 | MALFORMED_JSON | `` | garbage",
      })
  void whatIsNoJsonObject(String body, int status, String code, String field, String detail) {
    assertProblem(running.caller().submit(body), status, code, field, detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "task     | \"couple-profil\"        | UNKNOWN_TASK  | task   | did you mean"
            + " 'couple-profile'?",
        "task     | \"watercolour\"          | UNKNOWN_TASK  | task   | known tasks:"
            + " couple-profile",
        "task     | 7                        | INVALID_FIELD | task   | must be a text",
        "prompt   | \"  \"                   | INVALID_FIELD | prompt | is blank",
        "panels   | [\"only one\"]           | INVALID_FIELD | panels | takes 2 panel texts, not 1",
        "panels   | [\"one\", 2]             | INVALID_FIELD | panels[1] | must be a text, not"
            + " number",
        "seed     | -1                       | INVALID_FIELD | seed   | must be from 0 to"
            + " 9007199254740991",
        "steps    | 1000                     | INVALID_FIELD | steps  | must be from 1 to 100",
        "lane     | \"express\"              | INVALID_FIELD | lane   | must be one of interactive,"
            + " batch",
        "deadline | \"tomorrow\"             | INVALID_FIELD | deadline | must be an object",
        "deadline | {\"startBy\": \"tomorrow\"} | INVALID_FIELD | deadline.startBy | RFC 3339",
        "deadline | {\"startBy\": \"2020-01-01T00:00:00Z\"} | INVALID_FIELD | deadline.startBy |"
            + " has passed",
        "deadline | {\"finishBy\": \"2020-01-01T00:00:00Z\"} | INVALID_FIELD | deadline.finishBy |"
            + " has passed",
        "promt    | \"x\"                    | INVALID_FIELD | promt  | did you mean 'prompt'?",
        "layout   | {\"rows\": 1, \"columns\": 2, \"panelWidth\": 100, \"panelHeight\": 128} "
            + "| INVALID_FIELD | layout.panelWidth | must be a multiple of 16",
        "layout   | {\"rows\": 2, \"columns\": 2, \"panelWidth\": 128, \"panelHeight\": 128} "
            + "| INVALID_FIELD | layout | has 4 panels, but couple-profile draws 2",
        "layout   | {\"rows\": 1, \"columns\": 2, \"panelWidth\": 1024, \"panelHeight\": 528} "
            + "| INVALID_FIELD | layout | 2048 x 528 = 1081344 pixels, and model tiny draws at"
            + " most 1048576",
      })
  void whatIsWrongWithAField(String name, String value, String code, String field, String detail) {
    String body = withField(name, value);

    HttpResponse<byte[]> answer = running.caller().submit(body);

    assertProblem(answer, 422, code, field, detail);
  }

  @Test
  void everythingWrongIsToldAtOnce() {
    HttpResponse<byte[]> answer =
        running.caller().submit("{\"task\": \"couple-profile\", \"seed\": \"x\", \"extra\": 1}");

    List<String> fields =
        ApiCaller.json(answer).path("errors").findValuesAsText("field").stream().sorted().toList();
    assertEquals(List.of("extra", "panels", "prompt", "seed"), fields);
  }

  @Test
  void aPromptOfTenMegabytesIsNamedAndNotRead() {
    String beginning = "{\"task\": \"couple-profile\", \"panels\": [\"a\", \"b\"], \"prompt\": \"";
    byte[] body = (beginning + "x".repeat(10_000_000) + "\"}").getBytes(UTF_8);

    HttpResponse<byte[]> answer = running.caller().submit(body);

    assertProblem(answer, 413, "BODY_TOO_LARGE", "prompt", "at most 4000 characters");
  }

  @Test
  void aBodyOfUnknownLengthIsBoundedToo() {
    String beginning = "{\"task\": \"couple-profile\", \"panels\": [\"a\", \"";
    byte[] rest = "x".repeat(1_000_000).getBytes(UTF_8);

    HttpResponse<byte[]> answer =
        running
            .caller()
            .send(
                running
                    .caller()
                    .request("/v1/jobs")
                    .header("Content-Type", "application/json")
                    .POST(
                        BodyPublishers.ofInputStream(
                            () ->
                                new SequenceInputStream(
                                    new ByteArrayInputStream(beginning.getBytes(UTF_8)),
                                    new ByteArrayInputStream(rest)))));

    assertProblem(answer, 413, "BODY_TOO_LARGE", "panels[1]", "at most 2000 characters");
  }

  @ParameterizedTest
  @CsvSource({"text/plain", "application/x-www-form-urlencoded", "application/xml"})
  void anotherMediaTypeIsRefused(String type) {
    HttpResponse<byte[]> answer =
        running
            .caller()
            .send(
                running
                    .caller()
                    .request("/v1/jobs")
                    .header("Content-Type", type)
                    .POST(BodyPublishers.ofString(Requests.COUPLE)));

    assertProblem(answer, 415, "UNSUPPORTED_MEDIA_TYPE", null, "not " + type);
  }

  @Test
  void noMediaTypeAtAllIsRefused() {
    HttpResponse<byte[]> answer =
        running
            .caller()
            .send(
                running
                    .caller()
                    .request("/v1/jobs")
                    .POST(BodyPublishers.ofString(Requests.COUPLE)));

    assertProblem(answer, 415, "UNSUPPORTED_MEDIA_TYPE", null, "without a Content-Type");
  }

  @ParameterizedTest
  @CsvSource({
    "/v2",
    "/v2/jobs",
    "/v1/jobsbatch",
    "/v1/jobs/j-1/receipts",
    "/v1/tasks/font-design/panels"
  })
  void anUnknownPathIsAProblemDocumentToo(String path) {
    assertProblem(running.caller().get(path), 404, "UNKNOWN_PATH", null, "openapi.yaml");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /v1/jobs, 'DELETE, GET, POST'",
    "POST, /v1/jobs/j-1, 'DELETE, GET'",
    "DELETE, /v1/tasks, GET",
    "GET, /v1/jobs:batch, POST",
    "GET, /v1/jobs/j-1/panels/1:reroll, POST",
    "DELETE, /v1/callbacks/j-1, GET",
    "DELETE, /v1/callbacks/j-1:redeliver, POST",
  })
  void aWrongMethodIsToldTheRightOnes(String method, String path, String allowed) {
    HttpResponse<byte[]> answer =
        running
            .caller()
            .send(running.caller().request(path).method(method, BodyPublishers.noBody()));

    assertProblem(answer, 405, "METHOD_NOT_ALLOWED", null, "allowed: " + allowed);
    assertEquals(Optional.of(allowed), answer.headers().firstValue("Allow"));
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/jobs/j-nobody",
    "/v1/jobs/j-nobody/sheet",
    "/v1/jobs/j-nobody/panels/1",
    "/v1/jobs/j-nobody/events",
    "/v1/jobs/%7Bx%7D"
  })
  void anUnknownJobIsNeverTakenForADoneOne(String path) {
    assertProblem(running.caller().get(path), 404, "UNKNOWN_JOB", null, "there is no job");
  }

  private static String withField(String name, String value) {
    String field = "\"" + name + "\": ";
    String replaced =
        Requests.COUPLE.replaceFirst(
            field + "(\"[^\"]*\"|\\[.*])", java.util.regex.Matcher.quoteReplacement(field + value));
    return replaced.equals(Requests.COUPLE) ? Requests.coupleWith(field + value) : replaced;
  }

  private static void assertProblem(
      HttpResponse<byte[]> answer, int status, String code, String field, String detail) {
    JsonNode problem = ApiCaller.json(answer);
    assertEquals(status, answer.statusCode(), problem::toString);
    assertEquals(
        Optional.of("application/problem+json"), answer.headers().firstValue("Content-Type"));
    assertEquals(code, problem.path("code").textValue(), problem::toString);
    assertTrue(problem.path("detail").textValue().contains(detail), problem::toString);
    if (field != null) {
      assertEquals(field, problem.path("errors").path(0).path("field").textValue());
    }
  }
}
