package dev.polyptych.schema.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With an encoder that has a token for each word and one for the end. */
class TextReadingTest {
  private static final PromptTemplate TEMPLATE =
      new PromptTemplate("[SET] {prompt} [ONE] {panel1} [TWO] {panel2}");
  private static final PromptTemplate.Composed PROMPT =
      TEMPLATE.composed(" two cats ", List.of("a black cat", "a white cat $1"));

  /** Twelve words and the end. */
  private static final int TOKENS = 13;

  @Test
  void knowsWhereEachTextLies() {
    assertEquals("[SET] two cats [ONE] a black cat [TWO] a white cat $1", PROMPT.text());
    assertEquals(
        List.of("two cats", "a black cat", "a white cat $1"),
        PROMPT.parts().stream()
            .map(part -> PROMPT.text().substring(part.start(), part.end()))
            .toList());
    assertEquals(
        List.of(0, 1, 2), PROMPT.parts().stream().map(PromptTemplate.Part::panel).toList());
  }

  @Test
  void aTextThatFitsExactlyIsReadWhole() {
    TextReading reading = read(TOKENS);

    assertEquals(new TextReading(TOKENS, TOKENS, TOKENS, 5, List.of(), List.of()), reading);
    assertFalse(reading.truncated());
    assertEquals(List.of(), reading.problems());
  }

  @Test
  void namesTheTextsThatAreCutAndHowManyTokensTooManyThereAre() {
    assertEquals(List.of(2), read(TOKENS - 1).cut());
    // "[SET] two cats [ONE] a black cat" and the end are 8.
    assertEquals(List.of(2), read(8).cut());
    assertEquals(List.of(1, 2), read(7).cut());
    assertEquals(List.of(0, 1, 2), read(3).cut());

    List<FieldProblem> problems = read(7).problems();

    assertTrue(read(7).truncated());
    assertEquals(
        List.of("panels[0]", "panels[1]"), problems.stream().map(FieldProblem::field).toList());
    assertEquals(ErrorCode.TEXT_TOO_LONG, problems.getFirst().code());
    assertTrue(
        problems.getFirst().detail().contains("13 tokens, 6 more than the 7 that the model reads"),
        problems.getFirst().detail());
    assertEquals("prompt", read(3).problems().getFirst().field());
  }

  @Test
  void aCutOfTheTemplatesOwnEndIsTold() {
    PromptTemplate.Composed prompt =
        new PromptTemplate("{prompt} {panel1} the end").composed("a", List.of("b"));

    TextReading reading = TextReading.of(prompt, encoder(4), encoder(5));

    assertEquals(List.of(), reading.cut());
    assertEquals(List.of("prompt"), reading.problems().stream().map(FieldProblem::field).toList());
  }

  private static TextReading read(int limit) {
    return TextReading.of(PROMPT, encoder(limit), encoder(5));
  }

  private static TextReading.Encoder encoder(int limit) {
    return new TextReading.Encoder(limit, text -> text.strip().split("\\s+").length + 1);
  }
}
