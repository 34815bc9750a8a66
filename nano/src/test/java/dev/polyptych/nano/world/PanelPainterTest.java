package dev.polyptych.nano.world;

import static dev.polyptych.nano.world.Pictures.FOX;
import static dev.polyptych.nano.world.Pictures.LETTER;
import static dev.polyptych.nano.world.Pictures.PLAIN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.nano.world.OpenAttributes.Accessory;
import dev.polyptych.nano.world.OpenAttributes.Shade;
import dev.polyptych.nano.world.OpenAttributes.Style;
import dev.polyptych.nano.world.OpenAttributes.Typeface;
import dev.polyptych.nano.world.StatedAttributes.Position;
import dev.polyptych.nano.world.StatedAttributes.Size;
import dev.polyptych.nano.world.StatedAttributes.Weather;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PanelPainterTest {
  private static final long SEED = 7;

  /** The share of a panel's pixels that any one attribute must change. */
  private static final double VISIBLE = 0.02;

  /** One for all tests: it is thread-safe, and reading the drawings takes a while. */
  private static final PanelPainter PAINTER = new PanelPainter(64, 64);

  @Test
  void theSameSeedGivesTheSamePixels() {
    WorldSampler sampler = new WorldSampler(Side.TRAINING);
    PanelPainter other = new PanelPainter(64, 64);
    for (int i = 0; i < 50; i++) {
      Panel panel = sampler.panel(new SplittableRandom(i));

      BufferedImage again = other.paint(panel, i);

      assertArrayEquals(
          Pictures.pixels(PAINTER.paint(panel, i)), Pictures.pixels(again), panel.toString());
    }
  }

  @Test
  void anotherSeedMovesThingsALittle() {
    Panel panel = new Panel(FOX, PLAIN);

    double difference =
        Pictures.difference(PAINTER.paint(panel, SEED), PAINTER.paint(panel, SEED + 1));

    assertTrue(difference > 0 && difference < 0.25, "difference " + difference);
  }

  @Test
  void eachStatedAttributeShows() {
    List<Panel> panels = new ArrayList<>();
    Stream.concat(
            Place.scenes().stream()
                .map(
                    scene ->
                        new StatedAttributes(
                            Subject.FOX, scene, Size.BIG, Position.CENTRE, Weather.CLEAR)),
            Place.media().stream().map(medium -> StatedAttributes.on(medium, Subject.FOX)))
        .forEach(stated -> panels.add(new Panel(stated, PLAIN)));
    assertAllDiffer(panels, 0.10);
    assertAllDiffer(
        Stream.of(
                FOX,
                new StatedAttributes(
                    Subject.FOX, Place.MEADOW, Size.SMALL, Position.CENTRE, Weather.CLEAR),
                new StatedAttributes(
                    Subject.FOX, Place.MEADOW, Size.BIG, Position.LEFT, Weather.CLEAR),
                new StatedAttributes(
                    Subject.FOX, Place.MEADOW, Size.BIG, Position.RIGHT, Weather.CLEAR),
                new StatedAttributes(
                    Subject.FOX, Place.MEADOW, Size.BIG, Position.CENTRE, Weather.SANDSTORM))
            .map(stated -> new Panel(stated, PLAIN))
            .toList(),
        0.10);
  }

  @Test
  void eachSubjectLooksUnlikeAllOthers() {
    assertAllDiffer(
        Stream.of(Subject.values())
            .map(subject -> new Panel(StatedAttributes.on(Place.PAPER, subject), PLAIN))
            .toList(),
        VISIBLE);
  }

  @Test
  void eachShadeShowsOnEachSubject() {
    for (Subject subject : Subject.values()) {
      StatedAttributes stated = StatedAttributes.on(Place.BAG, subject);
      assertAllDiffer(
          Stream.of(Shade.values())
              .map(shade -> new OpenAttributes(shade, Style.PLAIN, Accessory.NONE, Typeface.ROUND))
              .map(open -> new Panel(stated, open))
              .toList(),
          VISIBLE);
    }
  }

  @Test
  void eachStyleShowsOnEachSubject() {
    for (Subject subject : Subject.values()) {
      StatedAttributes stated = StatedAttributes.on(Place.PAPER, subject);
      assertAllDiffer(
          Stream.of(Style.values())
              .map(style -> new OpenAttributes(Shade.RED, style, Accessory.NONE, Typeface.ROUND))
              .map(open -> new Panel(stated, open))
              .toList(),
          VISIBLE);
    }
  }

  @Test
  void eachAccessoryShowsOnEachEmojiAndEachTypefaceOnEachLetter() {
    for (Subject subject : Subject.emoji()) {
      StatedAttributes stated = StatedAttributes.on(Place.MUG, subject);
      assertAllDiffer(
          Stream.of(Accessory.values())
              .map(each -> new OpenAttributes(Shade.RED, Style.PLAIN, each, Typeface.ROUND))
              .map(open -> new Panel(stated, open))
              .toList(),
          VISIBLE);
    }
    for (Subject subject : Subject.letters()) {
      StatedAttributes stated = StatedAttributes.on(Place.MUG, subject);
      assertAllDiffer(
          Stream.of(Typeface.values())
              .map(each -> new OpenAttributes(Shade.RED, Style.PLAIN, Accessory.NONE, each))
              .map(open -> new Panel(stated, open))
              .toList(),
          VISIBLE);
    }
  }

  @Test
  void lettersWearNothing() {
    OpenAttributes hat =
        new OpenAttributes(Shade.RED, Style.PLAIN, Accessory.TOP_HAT, Typeface.ROUND);

    BufferedImage dressed = PAINTER.paint(new Panel(LETTER, hat), SEED);

    assertArrayEquals(
        Pictures.pixels(PAINTER.paint(new Panel(LETTER, PLAIN), SEED)), Pictures.pixels(dressed));
  }

  @Test
  void hatsStayInsideThePanel() {
    for (Subject subject : Subject.emoji()) {
      for (Style style : Style.values()) {
        Panel bare = tall(subject, style, Accessory.NONE);
        Panel dressed = tall(subject, style, Accessory.TOP_HAT);

        BufferedImage one = PAINTER.paint(bare, SEED).getSubimage(0, 0, 64, 1);
        BufferedImage other = PAINTER.paint(dressed, SEED).getSubimage(0, 0, 64, 1);

        assertEquals(0, Pictures.difference(one, other), subject + " " + style);
      }
    }
  }

  @Test
  void everyPictureHasThePanelsSize() {
    Panel panel = new Panel(FOX, PLAIN);
    for (int[] size : new int[][] {{64, 64}, {96, 64}, {128, 64}, {128, 128}}) {
      BufferedImage picture = new PanelPainter(size[0], size[1]).paint(panel, SEED);

      assertEquals(size[0], picture.getWidth());
      assertEquals(size[1], picture.getHeight());
      assertEquals(BufferedImage.TYPE_INT_RGB, picture.getType());
    }
  }

  @Test
  void aSheetIsItsPanelsWithoutGaps() {
    PanelSet set =
        new WorldSampler(Side.TRAINING)
            .set(Form.FONT_DESIGN, Constancy.AGREEING, new SplittableRandom(SEED));

    BufferedImage sheet = PAINTER.paintSheet(set, SEED);

    assertEquals(128, sheet.getWidth());
    assertEquals(128, sheet.getHeight());
    BufferedImage first =
        PAINTER.paint(set.panels().getFirst(), new SplittableRandom(SEED).nextLong());
    assertEquals(0, Pictures.difference(first, sheet.getSubimage(0, 0, 64, 64)));
  }

  @Test
  void tooSmallAndTooNarrowPanelsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new PanelPainter(8, 8));
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> new PanelPainter(64, 112));

    assertTrue(refused.getMessage().contains("64 x 112"), refused.getMessage());
  }

  private static Panel tall(Subject subject, Style style, Accessory accessory) {
    return new Panel(
        new StatedAttributes(subject, Place.FOREST, Size.BIG, Position.CENTRE, Weather.CLEAR),
        new OpenAttributes(Shade.GOLD, style, accessory, Typeface.ROUND));
  }

  private void assertAllDiffer(List<Panel> panels, double least) {
    List<BufferedImage> pictures =
        panels.stream().map(panel -> PAINTER.paint(panel, SEED)).toList();
    for (int i = 0; i < panels.size(); i++) {
      for (int other = i + 1; other < panels.size(); other++) {
        double difference = Pictures.difference(pictures.get(i), pictures.get(other));
        String which = panels.get(i) + " and " + panels.get(other) + " differ in " + difference;
        assertTrue(difference >= least, which);
      }
    }
  }
}
