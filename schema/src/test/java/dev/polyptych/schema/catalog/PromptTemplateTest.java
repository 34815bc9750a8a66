package dev.polyptych.schema.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTemplateTest {
  @Test
  void textsGoWhereTheirPlaceholdersStand() {
    PromptTemplate template =
        new PromptTemplate("[TWO] {prompt}: [LEFT] {panel1} [RIGHT] {panel2}");

    String prompt = template.compose(" cats ", List.of("one", "two"));

    assertEquals("[TWO] cats: [LEFT] one [RIGHT] two", prompt);
  }

  @Test
  void textsAreNeverReadAsPlaceholdersOrPatterns() {
    PromptTemplate template = new PromptTemplate("{prompt} {panel1}");

    String prompt = template.compose("{panel1} costs $1 \\n", List.of("$0 {prompt}"));

    assertEquals("{panel1} costs $1 \\n $0 {prompt}", prompt);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{panel1} {panel2}",
        "{prompt} {prompt} {panel1}",
        "{prompt} {panel1} {panel1}",
        "{prompt} {panel1} {panel3}",
        "{prompt} {panel2}",
      })
  void aTemplateWithAPlaceholderTooManyOrTooFewIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> new PromptTemplate(text));
  }
}
