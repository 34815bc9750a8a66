package dev.polyptych.schema.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterReferenceTest {
  private static final String DIGEST = "0123456789abcdef".repeat(4);

  @Test
  void aNameAVersionAndADigestAreReadAndWrittenAlike() throws Exception {
    assertEquals(AdapterReference.newest("ink-style"), valid("ink-style"));
    assertEquals(AdapterReference.version("flux.1_a", 3), valid("flux.1_a@3"));
    assertEquals(AdapterReference.content(DIGEST), valid("sha256:" + DIGEST));
    for (String text : new String[] {"ink-style", "7@999999999", "sha256:" + DIGEST}) {
      String json = Json.mapper().writeValueAsString(valid(text));
      assertEquals("\"" + text + "\"", json);
      assertEquals(valid(text), Json.mapper().readValue(json, AdapterReference.class));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Ink,        lower-case letters",
    "'',         lower-case letters",
    "-ink,       begin with a letter or digit",
    ".ink,       begin with a letter or digit",
    "a+b,        lower-case letters",
    "a/b,        lower-case letters",
    "ink@,       name@3",
    "ink@0,      name@3",
    "ink@03,     name@3",
    "ink@-1,     name@3",
    "ink@3@4,    name@3",
    "ink@latest, name@3",
    "ink@1234567890, name@3",
    "@3,         lower-case letters",
    "INK@3,      lower-case letters",
    "sha256:,    64 lower-case hexadecimal digits",
    "sha256:ab,  64 lower-case hexadecimal digits",
  })
  void whatIsNoneIsRefusedWithTheFieldAndTheRemedy(String text, String remedy) {
    FieldProblem problem = problem(text);

    assertEquals("adapters[1].name", problem.field());
    assertTrue(problem.detail().contains(remedy), problem::detail);
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 100_000})
  void aLongTextIsNotRepeatedWhole(int length) {
    assertTrue(problem("a".repeat(length)).detail().length() < 300);
  }

  @Test
  void aDigestInCapitalsIsRefused() {
    assertTrue(problem("sha256:" + "AB".repeat(32)).detail().contains("lower-case"));
  }

  private static AdapterReference valid(String text) {
    return switch (AdapterReference.parse("x", text)) {
      case Validated.Valid<AdapterReference>(AdapterReference reference) -> reference;
      case Validated.Invalid<AdapterReference>(List<FieldProblem> problems) ->
          throw new AssertionError(problems.toString());
    };
  }

  private static FieldProblem problem(String text) {
    return switch (AdapterReference.parse("adapters[1].name", text)) {
      case Validated.Valid<AdapterReference>(AdapterReference reference) ->
          throw new AssertionError("read as " + reference);
      case Validated.Invalid<AdapterReference>(List<FieldProblem> problems) -> problems.getFirst();
    };
  }
}
