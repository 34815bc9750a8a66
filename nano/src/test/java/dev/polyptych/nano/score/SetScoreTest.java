package dev.polyptych.nano.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polyptych.nano.score.SetScore.Share;
import dev.polyptych.nano.world.OpenAttributes;
import dev.polyptych.nano.world.OpenAttributes.Accessory;
import dev.polyptych.nano.world.OpenAttributes.Shade;
import dev.polyptych.nano.world.OpenAttributes.Style;
import dev.polyptych.nano.world.OpenAttributes.Typeface;
import dev.polyptych.nano.world.Panel;
import dev.polyptych.nano.world.Place;
import dev.polyptych.nano.world.StatedAttributes;
import dev.polyptych.nano.world.StatedAttributes.Position;
import dev.polyptych.nano.world.StatedAttributes.Size;
import dev.polyptych.nano.world.StatedAttributes.Weather;
import dev.polyptych.nano.world.Subject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SetScoreTest {
  private static final OpenAttributes OPEN =
      new OpenAttributes(Shade.RED, Style.PLAIN, Accessory.NONE, Typeface.ROUND);
  private static final Panel FOX =
      new Panel(
          new StatedAttributes(
              Subject.FOX, Place.MEADOW, Size.BIG, Position.LEFT, Weather.SANDSTORM),
          OPEN);
  private static final Panel LETTER = new Panel(StatedAttributes.on(Place.MUG, Subject.A), OPEN);

  @Test
  void aFaultlessReadingIsWhollyFaithful() {
    SetScore score = SetScore.ofSet(List.of(FOX, LETTER), read(FOX, LETTER));

    assertEquals(new Share(2, 2), score.faithfulPanels());
    assertEquals(new Share(7, 7), Share.sum(score.fidelity().values()));
  }

  @Test
  void attributesThatDoNotShowAreNotCounted() {
    SetScore score = SetScore.ofSet(List.of(LETTER, LETTER), read(LETTER, LETTER));

    assertEquals(Set.of(Attribute.SUBJECT, Attribute.PLACE), score.fidelity().keySet());
    assertEquals(
        Set.of(Attribute.SHADE, Attribute.STYLE, Attribute.TYPEFACE), score.agreement().keySet());
  }

  @Test
  void readingsOfHeadsThatDoNotShowDoNotMatter() {
    PanelReading odd = with(PanelReading.of(LETTER), Attribute.POSITION, Position.RIGHT);

    SetScore score = SetScore.ofSet(List.of(LETTER), List.of(odd));

    assertEquals(new Share(1, 1), score.faithfulPanels());
  }

  @Test
  void aWrongAttributeCostsItsPanelButNotTheOthers() {
    PanelReading wrong = with(PanelReading.of(FOX), Attribute.SIZE, Size.SMALL);

    SetScore score = SetScore.ofSet(List.of(FOX, FOX), List.of(wrong, PanelReading.of(FOX)));

    assertEquals(new Share(1, 2), score.faithfulPanels());
    assertEquals(new Share(1, 2), score.fidelity().get(Attribute.SIZE));
    assertEquals(new Share(2, 2), score.fidelity().get(Attribute.SUBJECT));
  }

  @Test
  void agreementCountsEveryPairOfPanels() {
    PanelReading blue = with(PanelReading.of(FOX), Attribute.SHADE, Shade.BLUE);

    SetScore score =
        SetScore.ofSet(
            List.of(FOX, FOX, FOX), List.of(PanelReading.of(FOX), PanelReading.of(FOX), blue));

    assertEquals(new Share(1, 3), score.agreement().get(Attribute.SHADE));
    assertEquals(new Share(3, 3), score.agreement().get(Attribute.STYLE));
  }

  @Test
  void agreementIsOfWhatWasReadNotOfWhatTheOpenAttributesWere() {
    Panel other =
        new Panel(
            FOX.stated(),
            new OpenAttributes(Shade.BLUE, Style.INKED, Accessory.TOP_HAT, Typeface.SLANTED));

    SetScore score = SetScore.ofSet(List.of(FOX, other), read(FOX, FOX));

    assertEquals(new Share(3, 3), Share.sum(score.agreement().values()));
  }

  @Test
  void panelsOfALetterAndAnEmojiShareShadeAndStyleOnly() {
    SetScore score = SetScore.ofSet(List.of(FOX, LETTER), read(FOX, LETTER));

    assertEquals(Set.of(Attribute.SHADE, Attribute.STYLE), score.agreement().keySet());
  }

  @Test
  void panelsAroundAReferenceAreComparedWithTheReferenceOnly() {
    PanelReading blue = with(PanelReading.of(FOX), Attribute.SHADE, Shade.BLUE);

    SetScore score = SetScore.aroundReference(FOX, List.of(FOX, FOX), List.of(blue, blue));

    assertEquals(new Share(0, 2), score.agreement().get(Attribute.SHADE));
    assertEquals(new Share(2, 2), score.agreement().get(Attribute.ACCESSORY));
    assertEquals(new Share(2, 2), score.faithfulPanels());
  }

  @Test
  void everyPanelNeedsAReading() {
    assertThrows(
        IllegalArgumentException.class, () -> SetScore.ofSet(List.of(FOX, FOX), read(FOX)));
  }

  @Test
  void aReadingIsTheHighestScoreOfEachHead() {
    int all = 0;
    for (Attribute attribute : Attribute.values()) {
      all += attribute.choices();
    }
    float[] scores = new float[2 * all];
    scores[all + Attribute.SUBJECT.choice(Subject.OWL)] = 1;
    scores[all + Attribute.SUBJECT.choices() + Attribute.PLACE.choice(Place.BAG)] = 0.5f;

    PanelReading reading = PanelReading.ofScores(scores, all);

    assertEquals(Attribute.SUBJECT.choice(Subject.OWL), reading.of(Attribute.SUBJECT));
    assertEquals(Attribute.PLACE.choice(Place.BAG), reading.of(Attribute.PLACE));
    assertEquals(0, reading.of(Attribute.TYPEFACE));
  }

  private static List<PanelReading> read(Panel... panels) {
    return List.of(panels).stream().map(PanelReading::of).toList();
  }

  private static PanelReading with(PanelReading reading, Attribute attribute, Enum<?> value) {
    Map<Attribute, Integer> choices = new EnumMap<>(reading.choices());
    choices.put(attribute, attribute.choice(value));
    return new PanelReading(choices);
  }
}
