package dev.polyptych.nano.world;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The place of the subject: one of eight scenes, or one of four media on which it is printed. */
public enum Place {
  MEADOW("in the"),
  BEACH("on the"),
  CITY("in the"),
  SNOW("in the"),
  DESERT("in the"),
  FOREST("in the"),
  ROOM("in the"),
  SPACE("in"),
  PAPER("on"),
  MUG("on a"),
  BAG("on a"),
  SHIRT("on a");

  private static final List<Place> SCENES =
      Arrays.stream(values()).filter(place -> !place.medium()).toList();
  private static final List<Place> MEDIA = Arrays.stream(values()).filter(Place::medium).toList();

  private final String before;

  Place(String before) {
    this.before = before;
  }

  /** The eight scenes. */
  public static List<Place> scenes() {
    return SCENES;
  }

  /** Paper, mug, bag, shirt. */
  public static List<Place> media() {
    return MEDIA;
  }

  /** Whether the subject is printed on it. A print is always in the middle and has one size. */
  public boolean medium() {
    return compareTo(PAPER) >= 0;
  }

  /** The word in captions without preposition: {@code meadow}. */
  public String noun() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The words in captions: {@code in the meadow}, {@code on a mug}. */
  public String phrase() {
    return before + " " + noun();
  }
}
