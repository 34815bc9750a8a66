package dev.polyptych.schema.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.json.Json;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VocabularyTest {
  private static final Vocabulary SMALL =
      new Vocabulary(Set.of("a", "fox", "in", "the", "snow", "K"));

  @Test
  void knowsWordsInAnyCaseAndBetweenAnySigns() {
    assertEquals(List.of(), SMALL.unknownIn(List.of("A FOX, in (the) snow; k.", "fox-snow")));
  }

  @Test
  void tellsEachUnknownWordOnceAsItIsFirstWritten() {
    assertEquals(
        List.of("Einstein", "Zürich", "don't", "Q", "7"),
        SMALL.unknownIn(
            List.of("a fox, Einstein, einstein in Zürich", "don't the Q", "7 fox EINSTEIN")));
  }

  @Test
  void readsOtherScripts() {
    assertEquals(List.of("狐", "лиса"), SMALL.unknownIn(List.of("狐 in the snow, лиса")));
  }

  @Test
  void isAListInJson() throws Exception {
    String json = Json.mapper().writeValueAsString(new Vocabulary(Set.of("fox", "A")));

    assertEquals("[\"a\",\"fox\"]", json);
    assertEquals(
        new Vocabulary(Set.of("a", "fox")), Json.mapper().readValue(json, Vocabulary.class));
  }
}
