package dev.polyptych.dispatcher.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.error.FieldProblem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OversizedBodyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"task\": \"a\", \"prompt\": \"very lo     | prompt",
        "{\"panels\": [\"one\", \"two\", \"thr        | panels[2]",
        "{\"panels\": [\"one\", \"two                 | panels[1]",
        "{\"metadata\": {\"order\": \"very lo         | metadata.order",
        "{\"layout\": {\"rows\": 1, \"columns\": 1111 | layout.columns",
        "{\"unheard\": [[{\"of\": 1}, {\"of\": [2,    | unheard[0][1].of[1]",
        "[[[[                                          | [0][0][0][0]",
        "<html><head>                                  | ``",
        "\"one long te                                 | ``",
      })
  void namesTheFieldInWhichTheBytesBreakOff(String beginning, String field) {
    FieldProblem problem = OversizedBody.problem(beginning.getBytes(UTF_8));

    assertEquals(field, problem.field());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"prompt\": \"very lo | at most 4000 characters fit in it",
        "{\"panels\": [\"very l | at most 2000 characters fit in it",
        "{\"task\": \"very long | shorten it",
      })
  void saysWhatWouldFit(String beginning, String remedy) {
    FieldProblem problem = OversizedBody.problem(beginning.getBytes(UTF_8));

    assertEquals(
        "a body may have %d bytes and this field goes beyond; %s"
            .formatted(beginning.length(), remedy),
        problem.detail());
  }
}
