package dev.polyptych.schema.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.registry.AdapterReference;
import dev.polyptych.schema.registry.ScaledAdapter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobRequestReaderTest {
  private static final String LEAST =
      "\"task\": \"font-design\", \"prompt\": \"a font\", \"panels\": [\"one\"]";

  @Test
  void theLeastRequestLeavesEverythingElseOpen() {
    JobRequest request = valid("{" + LEAST + "}");

    assertEquals(
        JobRequest.of(
            new JobRequest.Scene("font-design", "a font", List.of("one")),
            JobRequest.SamplingChoice.of(OptionalLong.empty(), OptionalInt.empty())),
        request);
  }

  @Test
  void lengthsCountCodePoints() {
    String longest = "\ud83e\udd89".repeat(JobRequestReader.MAX_PROMPT);

    JobRequest request = valid("{" + LEAST.replace("a font", longest) + "}");

    assertEquals(longest, request.scene().prompt());
  }

  @Test
  void aScaleThatIsNullDoesNotContradictAdapters() {
    JobRequest request = valid("{" + LEAST + ", \"adapters\": [], \"adapterScale\": null}");

    assertEquals(Optional.of(List.of()), request.sampling().adapters());
  }

  @Test
  void aFullRequestIsWrittenAndReadBackTheSame() {
    JobRequest request =
        new JobRequest(
            new JobRequest.Scene("font-design", "a font", List.of("one", "two")),
            new JobRequest.SamplingChoice(
                OptionalLong.of(JobRequestReader.MAX_SEED),
                OptionalInt.of(100),
                OptionalDouble.of(0),
                OptionalDouble.empty(),
                Optional.of(new Layout(1, 2, 16, 4096)),
                Optional.of(List.of(new ScaledAdapter(AdapterReference.of("ink-style@2"), -0.5)))),
            JobRequest.DeliveryTerms.OPEN
                .onLane(Optional.of(Lane.BATCH))
                .in(ImageFormat.JPEG)
                .until(
                    Optional.of(
                        new Deadline(
                            Optional.of(Instant.parse("2026-11-30T18:00:00.5Z")),
                            Optional.of(Instant.parse("2026-11-30T18:10:00Z")))))
                .noting(Map.of("order", "A-17")),
            JobRequest.Basis.TEXT,
            JobRequest.Reporting.NONE);

    assertEquals(request, valid(new String(Json.bytes(request), UTF_8)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "seed         | 9007199254740992   | seed         | must be from 0 to 9007199254740991",
        "seed         | 1.5                | seed         | must be an integer",
        "seed         | \"7\"              | seed         | must be an integer, not string",
        "steps        | 0                  | steps        | must be from 1 to 100",
        "guidance     | 31                 | guidance     | must be from 0.0 to 30.0",
        "guidance     | true               | guidance     | must be a number, not boolean",
        "adapterScale | -4.1               | adapterScale | must be from -4.0 to 4.0",
        "lane         | \"INTERACTIVE\"    | lane         | must be one of interactive, batch",
        "format       | \"gif\"            | format       | must be one of png, jpeg",
        "deadline     | \"2026-11-30\"     | deadline     | must be an object, not string",
        "deadline     | {}                 | deadline     | give startBy, finishBy or both",
        "deadline     | {\"startBy\": \"2026-11-30\"} | deadline.startBy | must be an RFC 3339"
            + " time",
        "deadline     | {\"finishBy\": \"+999999999-01-01T00:00:00Z\"} | deadline.finishBy | must"
            + " be an RFC 3339 time",
        "deadline     | {\"endBy\": \"2026-11-30T18:00:00Z\"} | deadline.endBy | known fields:"
            + " startBy, finishBy",
        "deadline     | {\"startBy\": \"2026-11-30T18:00:00Z\", \"finishBy\":"
            + " \"2026-11-30T18:00:00Z\"} | deadline.finishBy | must be after startBy",
        "layout       | [1]                | layout       | must be an object, not array",
        "layout       | {\"row\": 1}       | layout.row   | did you mean 'rows'?",
        "metadata     | {\"a\": 1}         | metadata.a   | must be a text, not number",
        "label        | \" \"              | label        | must be a text of 1 to 100 characters",
        "callbackUrl  | \"ftp://a.example/\"       | callbackUrl | must begin with https:// or"
            + " http://",
        "callbackUrl  | \"https://u:p@a.example/\" | callbackUrl | must not hold a user or a"
            + " password",
        "callbackUrl  | \"https://127.1/\"         | callbackUrl | must name a host",
        "callbackUrl  | \"https://a.example:0/\"   | callbackUrl | a port from 1 to 65535",
        "callbackUrl  | \"https://a.example/#b\"   | callbackUrl | must not have a fragment",
        "callbackUrl  | \"https://a.example/\\n\"  | callbackUrl | is no URL",
        "callbackUrl  | \"https://ä.example/\"     | callbackUrl | must be ASCII",
        "step         | 3                  | step         | did you mean 'steps'?",
        "zebra        | 3                  | zebra        | known fields: task, prompt",
      })
  void aFieldThatIsWrongIsNamedWithItsRemedy(
      String name, String value, String field, String detail) {
    List<FieldProblem> problems = problems("{%s, \"%s\": %s}".formatted(LEAST, name, value));

    assertEquals(field, problems.getFirst().field());
    assertTrue(problems.getFirst().detail().contains(detail), problems::toString);
    assertEquals(ErrorCode.INVALID_FIELD, problems.getFirst().code());
  }

  @Test
  void textsMayBeAsLongAsTheirLimitAndNoLonger() {
    String request = "{\"task\": \"t\", \"prompt\": \"%s\", \"panels\": [\"%s\"]}";

    valid(request.formatted("x".repeat(4000), "y".repeat(2000)));
    List<FieldProblem> problems = problems(request.formatted("x".repeat(4001), "y".repeat(2001)));

    assertEquals(
        List.of("prompt", "panels[0]"), problems.stream().map(FieldProblem::field).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{\"task\": }",
        "{\"task\": \"a\", \"task\": \"b\"}",
        "{} {}",
        "\u0000",
      })
  void whatIsNotOneJsonObjectIsMalformed(String json) {
    assertEquals(ErrorCode.MALFORMED_JSON, problems(json).getFirst().code());
  }

  @Test
  void nestingWithoutEndIsMalformedAndNoStackOverflow() {
    assertEquals(ErrorCode.MALFORMED_JSON, problems("[".repeat(100_000)).getFirst().code());
  }

  private static JobRequest valid(String json) {
    return switch (JobRequestReader.read(json.getBytes(UTF_8))) {
      case Validated.Valid<JobRequest>(var request) -> request;
      case Validated.Invalid<JobRequest> invalid -> throw new AssertionError(invalid);
    };
  }

  private static List<FieldProblem> problems(String json) {
    return switch (JobRequestReader.read(json.getBytes(UTF_8))) {
      case Validated.Invalid<JobRequest>(var problems) -> problems;
      case Validated.Valid<JobRequest> valid -> throw new AssertionError(valid + " is valid");
    };
  }
}
