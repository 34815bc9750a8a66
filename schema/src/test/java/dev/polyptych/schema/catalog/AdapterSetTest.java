package dev.polyptych.schema.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterSetTest {
  @ParameterizedTest
  @ValueSource(strings = {"base-alone", "a", "a+b", "b+a", "film-storyboard+ink.style+c+d"})
  void aKeyGivesItsSetBack(String key) {
    assertEquals(key, AdapterSet.of(key).key());
  }

  @Test
  void theKeyOfOneAdapterIsItsIdAndThatOfNoneIsTheBaseAlone() {
    assertEquals("film-storyboard", new AdapterSet(List.of("film-storyboard")).key());
    assertEquals(AdapterSet.BASE_ALONE, new AdapterSet(List.of()).key());
  }

  @ParameterizedTest
  @CsvSource({
    "a+b+c+d+e, at most 4 adapters",
    "a+b+a, each adapter may be named once",
    "a+, the id of an adapter must not be empty",
    "'', the id of an adapter must not be empty",
    "a+base-alone, 'the id of an adapter must not be empty, contain + or be base-alone'"
  })
  void saysWhatIsWrongWithAKey(String key, String fault) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> AdapterSet.of(key));

    assertTrue(refusal.getMessage().startsWith(fault), refusal.getMessage());
  }

  @Test
  void anIdWithTheSeparatorIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new AdapterSet(List.of("a+b")));
  }
}
