package dev.polyptych.nano.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.nano.world.OpenAttributes.Accessory;
import dev.polyptych.nano.world.OpenAttributes.Shade;
import dev.polyptych.nano.world.OpenAttributes.Style;
import dev.polyptych.nano.world.OpenAttributes.Typeface;
import dev.polyptych.nano.world.StatedAttributes.Position;
import dev.polyptych.nano.world.StatedAttributes.Size;
import dev.polyptych.nano.world.StatedAttributes.Weather;
import java.util.List;
import org.junit.jupiter.api.Test;

class PanelTest {
  @Test
  void aLetterInASceneIsRefused() {
    assertRefused(
        Subject.A,
        Place.MEADOW,
        Size.BIG,
        Position.CENTRE,
        Weather.CLEAR,
        "letters are allowed only on media");
  }

  @Test
  void aMediumTakesNoSizePositionOrWeather() {
    assertRefused(
        Subject.FOX,
        Place.MUG,
        Size.SMALL,
        Position.CENTRE,
        Weather.CLEAR,
        "BIG and in the CENTRE");
    assertRefused(
        Subject.FOX, Place.MUG, Size.BIG, Position.LEFT, Weather.CLEAR, "BIG and in the CENTRE");
    assertRefused(
        Subject.FOX,
        Place.MUG,
        Size.BIG,
        Position.CENTRE,
        Weather.SANDSTORM,
        "only scenes have weather");
  }

  @Test
  void aSetNeedsAPanelAndATextForEachOfItsPlaces() {
    Panel panel = new Panel(Pictures.FOX, Pictures.PLAIN);
    Arrangement two = new Arrangement(1, 2);

    Exception refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new PanelSet(Form.FREE, two, "pictures", List.of(panel), List.of("a fox")));

    assertEquals("an arrangement of 2 panels was given 1 panels and 1 texts", refused.getMessage());
  }

  @Test
  void onlyWhatShowsMustAgree() {
    OpenAttributes slanted =
        new OpenAttributes(Shade.RED, Style.PLAIN, Accessory.NONE, Typeface.SLANTED);

    assertTrue(Pictures.PLAIN.agrees(slanted, Subject.FOX));
    assertFalse(Pictures.PLAIN.agrees(slanted, Subject.A));
  }

  private static void assertRefused(
      Subject subject, Place place, Size size, Position position, Weather weather, String rule) {
    Exception refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new StatedAttributes(subject, place, size, position, weather));
    assertTrue(refused.getMessage().contains(rule), refused.getMessage());
  }
}
