package dev.polyptych.nano.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.nano.world.OpenAttributes.Accessory;
import dev.polyptych.nano.world.OpenAttributes.Shade;
import dev.polyptych.nano.world.OpenAttributes.Style;
import dev.polyptych.nano.world.OpenAttributes.Typeface;
import dev.polyptych.nano.world.StatedAttributes.Combinations;
import dev.polyptych.nano.world.StatedAttributes.Weather;
import dev.polyptych.schema.catalog.CatalogFile;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PanelCaptionsTest {
  private static final int MOST_WORDS = 9;
  private static final int MOST_WORDS_IN_A_SANDSTORM = 11;

  @Test
  void theCatalogListsTheWords() {
    Set<String> letters =
        PanelCaptions.words().stream()
            .map(word -> word.toLowerCase(Locale.ROOT))
            .filter(word -> word.chars().allMatch(Character::isLetter))
            .collect(Collectors.toSet());

    assertEquals(letters, CatalogFile.builtIn("nano").vocabulary().orElseThrow().words());
  }

  @Test
  void aCaptionIsShort() {
    Combinations.all()
        .forEach(
            stated -> {
              boolean sandstorm = stated.weather() == Weather.SANDSTORM;
              int most = sandstorm ? MOST_WORDS_IN_A_SANDSTORM : MOST_WORDS;
              for (String text : PanelCaptions.paraphrases(stated)) {
                assertTrue(text.split(" ").length <= most, text);
              }
            });
  }

  @Test
  void aCaptionSaysAllThatIsStated() {
    Combinations.all()
        .forEach(
            stated -> {
              for (String text : PanelCaptions.paraphrases(stated)) {
                assertTrue(text.contains(stated.subject().noun()), text);
                assertTrue(text.contains(stated.place().noun()), text);
                assertEquals(
                    !stated.place().medium(), text.contains(stated.position().phrase()), text);
                assertEquals(!stated.place().medium(), text.contains(stated.size().phrase()), text);
                assertEquals(
                    stated.weather() == Weather.SANDSTORM, text.contains("sandstorm"), text);
              }
            });
  }

  @Test
  void noTwoCombinationsShareACaption() {
    Set<String> seen = new HashSet<>();
    Combinations.all()
        .flatMap(stated -> PanelCaptions.paraphrases(stated).stream())
        .forEach(text -> assertTrue(seen.add(text), text));
  }

  @Test
  void noWordStatesAnOpenAttribute() {
    Set<String> words = PanelCaptions.words();

    Stream.of(Shade.values(), Style.values(), Accessory.values(), Typeface.values())
        .flatMap(Stream::of)
        .flatMap(value -> Stream.of(value.name().toLowerCase(Locale.ROOT).split("_")))
        .forEach(word -> assertFalse(words.contains(word), word));
  }

  @Test
  void everyTextIsMadeOfTheKnownWords() {
    Set<String> words = PanelCaptions.words();
    WorldSampler sampler = new WorldSampler(Side.TRAINING);
    SplittableRandom random = new SplittableRandom(1);

    for (int i = 0; i < 2000; i++) {
      PanelSet set = sampler.base(random);
      assertTrue(words.containsAll(PanelCaptions.split(set.prompt())), set.prompt());
      set.texts().forEach(text -> assertTrue(words.containsAll(PanelCaptions.split(text)), text));
    }
  }

  @Test
  void aBigFoxIsPutInPlainEnglish() {
    assertEquals(
        List.of(
            "a big fox in the centre in the meadow",
            "in the meadow, a big fox in the centre",
            "a big fox in the meadow, in the centre"),
        PanelCaptions.paraphrases(Pictures.FOX));
    assertEquals("the letter A on a mug", PanelCaptions.paraphrases(Pictures.LETTER).getFirst());
    assertEquals("an octopus", Subject.OCTOPUS.phrase());
  }
}
