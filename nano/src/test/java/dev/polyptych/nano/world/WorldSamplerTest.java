package dev.polyptych.nano.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.nano.world.Side.HeldOut;
import dev.polyptych.nano.world.StatedAttributes.Combinations;
import dev.polyptych.nano.world.StatedAttributes.Position;
import dev.polyptych.nano.world.StatedAttributes.Size;
import dev.polyptych.nano.world.StatedAttributes.Weather;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WorldSamplerTest {
  private static final int DRAWS = 300;

  private final WorldSampler training = new WorldSampler(Side.TRAINING);
  private final WorldSampler heldOut = new WorldSampler(Side.HELD_OUT);
  private final SplittableRandom random = new SplittableRandom(11);

  @Test
  void trainingNeverShowsAHeldOutCombination() {
    for (int i = 0; i < 20 * DRAWS; i++) {
      training.base(random).panels().forEach(panel -> assertTrue(!isHeldOut(panel), "" + panel));
      Panel panel = training.panel(random);
      assertTrue(!isHeldOut(panel), "" + panel);
    }
  }

  @Test
  void evaluationDrawsHeldOutCombinations() {
    for (Form form : Form.values()) {
      for (int i = 0; i < DRAWS; i++) {
        PanelSet set = heldOut.set(form, Constancy.AGREEING, random);
        assertTrue(set.panels().stream().anyMatch(WorldSamplerTest::isHeldOut), "" + set);
      }
    }
    assertTrue(isHeldOut(heldOut.panel(random)));
  }

  @Test
  void aboutATenthIsHeldOutAndNothingIsHeldOutAltogether() {
    List<StatedAttributes> all =
        Combinations.all()
            .filter(stated -> stated.size() == Size.BIG && stated.position() == Position.CENTRE)
            .filter(stated -> stated.weather() == Weather.CLEAR)
            .toList();

    long out = all.stream().filter(each -> HeldOut.contains(each.subject(), each.place())).count();

    assertEquals(24 * 12 + 8 * 4, all.size());
    assertTrue(out >= 26 && out <= 36, out + " of " + all.size());
    for (Subject subject : Subject.values()) {
      List<Place> places = subject.letter() ? Place.media() : List.of(Place.values());
      long here = places.stream().filter(place -> HeldOut.contains(subject, place)).count();
      assertTrue(here * 4 <= places.size(), subject + " is held out in " + here);
    }
  }

  @Test
  void panelsOfAnAgreeingSetAgree() {
    for (Form form : Form.values()) {
      for (int i = 0; i < DRAWS; i++) {
        assertEquals(1, opens(training.set(form, Constancy.AGREEING, random)).size());
      }
    }
  }

  @Test
  void panelsOfADriftingSetDrift() {
    for (Form form : Form.values()) {
      int sets = 0;
      for (int i = 0; i < DRAWS; i++) {
        PanelSet set = training.set(form, Constancy.DRIFTING, random);
        sets += set.panels().size() == 1 || opens(set).size() > 1 ? 1 : 0;
      }
      assertTrue(sets > 0.95 * DRAWS, form + ": " + sets);
    }
  }

  @Test
  void panelsOfAPartlyAgreeingSetAgreeInSomeOfIt() {
    int shades = 0;
    int styles = 0;
    int both = 0;
    for (int i = 0; i < 10 * DRAWS; i++) {
      PanelSet set = training.set(Form.FILM_STORYBOARD, Constancy.PARTLY_AGREEING, random);
      boolean shade = opens(set).stream().map(OpenAttributes::shade).distinct().count() == 1;
      boolean style = opens(set).stream().map(OpenAttributes::style).distinct().count() == 1;
      shades += shade ? 1 : 0;
      styles += style ? 1 : 0;
      both += shade && style ? 1 : 0;
    }
    assertEquals(0.52, shades / (10.0 * DRAWS), 0.06);
    assertEquals(0.56, styles / (10.0 * DRAWS), 0.06);
    assertEquals(0.29, both / (10.0 * DRAWS), 0.06);
  }

  @Test
  void aFilmShowsOneSubjectInThreeScenes() {
    PanelSet set = training.set(Form.FILM_STORYBOARD, Constancy.AGREEING, random);

    assertEquals(new Arrangement(3, 1), set.arrangement());
    assertEquals(1, subjects(set).size());
    assertEquals(3, set.panels().stream().map(Panel::place).distinct().count());
  }

  @Test
  void anIdentityShowsALogoOnPaperThenOnAProduct() {
    PanelSet set = training.set(Form.VISUAL_IDENTITY_DESIGN, Constancy.AGREEING, random);

    assertEquals(1, subjects(set).size());
    assertEquals(Place.PAPER, set.panels().getFirst().place());
    assertTrue(
        EnumSet.of(Place.MUG, Place.BAG, Place.SHIRT).contains(set.panels().getLast().place()));
  }

  @Test
  void aFontShowsFourLettersOnOneMedium() {
    PanelSet set = training.set(Form.FONT_DESIGN, Constancy.AGREEING, random);

    assertEquals(4, subjects(set).size());
    assertTrue(Subject.letters().containsAll(subjects(set)));
    assertEquals(1, set.panels().stream().map(Panel::place).distinct().count());
  }

  @Test
  void aSandstormComesOverTheSameScene() {
    PanelSet set = training.set(Form.SANDSTORM_VISUAL_EFFECT, Constancy.AGREEING, random);

    StatedAttributes before = set.panels().getFirst().stated();
    assertEquals(Weather.CLEAR, before.weather());
    assertEquals(
        new StatedAttributes(
            before.subject(), before.place(), before.size(), before.position(), Weather.SANDSTORM),
        set.panels().getLast().stated());
  }

  @Test
  void aCoupleIsTwoSubjectsInOneScene() {
    PanelSet set = training.set(Form.COUPLE_PROFILE, Constancy.AGREEING, random);

    assertEquals(2, subjects(set).size());
    assertEquals(set.panels().getFirst().place(), set.panels().getLast().place());
    subjects(set).forEach(each -> assertTrue(set.prompt().contains(each.phrase()), set.prompt()));
  }

  @Test
  void baseTrainingMixesAllFormsAndArrangements() {
    Set<Form> forms = EnumSet.noneOf(Form.class);
    Set<Arrangement> arrangements = new HashSet<>();
    int mixtures = 0;
    int sameSubject = 0;
    for (int i = 0; i < 10 * DRAWS; i++) {
      PanelSet set = training.base(random);
      forms.add(set.form());
      arrangements.add(set.arrangement());
      if (set.form() == Form.FREE && set.panels().size() > 1) {
        mixtures++;
        sameSubject += subjects(set).size() == 1 ? 1 : 0;
      }
    }
    assertEquals(EnumSet.allOf(Form.class), forms);
    assertEquals(5, arrangements.size());
    assertEquals(0.5, (double) sameSubject / mixtures, 0.06);
  }

  @Test
  void theSameSeedDrawsTheSameSets() {
    PanelSet one = training.base(new SplittableRandom(3));

    assertEquals(one, training.base(new SplittableRandom(3)));
    assertNotEquals(one, training.base(new SplittableRandom(4)));
  }

  private static boolean isHeldOut(Panel panel) {
    return HeldOut.contains(panel.subject(), panel.place());
  }

  private static Set<OpenAttributes> opens(PanelSet set) {
    return new HashSet<>(set.panels().stream().map(Panel::open).toList());
  }

  private static Set<Subject> subjects(PanelSet set) {
    return EnumSet.copyOf(set.panels().stream().map(Panel::subject).toList());
  }
}
