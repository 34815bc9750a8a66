package dev.polyptych.schema.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerRulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'prompt': 'a\\u0000b' | prompt",
        "'prompt': 'a\\ud83d' | prompt",
        "'prompt': '\\ude00\\ud83d' | prompt",
        "'prompt': 'a \\ud83d\\ude00' | ",
        "'panels': ['a', 'b\\u0000'] | panels[1]",
        "'label': 'x\\ud800y' | label",
        "'metadata': {'order': 'a\\u0000'} | metadata.order",
        "'metadata': {'or\\u0000der': 'a'} | metadata",
        "'metadata': {'': 'a'} | metadata",
        "'metadata': {'a\\nb': 'c'} | metadata",
        "'metadata': {'Auftrags-Nr. 7/ä': 'a'} | ",
        "'rerollOf': 'j-1' | rerollOf"
      })
  void aTextThatStoresCannotKeepIsRefusedByItsField(String field, String problem) {
    String all = "{'task': 't', 'seed': 1, 'prompt': 'p', 'panels': ['a', 'b'], ";
    String name = field.substring(0, field.indexOf(':'));
    String json = all.replace(name + ": 'p', ", "").replace(name + ": ['a', 'b'], ", "") + field;

    assertEquals(
        problem == null ? List.of() : List.of(problem), problems((json + "}").replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource({"64, 0", "65, 1"})
  void aMetadataKeyHasSoManyCharactersAtMost(int length, int problems) {
    String key = "k".repeat(length);

    assertEquals(
        problems,
        problems(
                "{\"task\": \"t\", \"prompt\": \"p\", \"panels\": [\"a\"], \"metadata\": {\"%s\": \"v\"}}"
                    .formatted(key))
            .size());
  }

  private static List<String> problems(String json) {
    return switch (JobRequestReader.read(json.getBytes(UTF_8)).then(CallerRules::check)) {
      case Validated.Valid<JobRequest> valid -> List.of();
      case Validated.Invalid<JobRequest>(List<FieldProblem> problems) ->
          problems.stream().map(FieldProblem::field).toList();
    };
  }
}
