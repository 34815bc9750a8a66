package dev.polyptych.nano.world;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Where the subject is: in one of eight scenes, or printed on one of four media. */
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

  /** The eight places that are no media. */
  public static List<Place> scenes() {
    return SCENES;
  }

  /** Paper, mug, bag, shirt. */
  public static List<Place> media() {
    return MEDIA;
  }

  /** Whether the subject is printed on it, always in the middle and at one size. */
  public boolean medium() {
    return compareTo(PAPER) >= 0;
  }

  /** As captions say it, without preposition: {@code meadow}. */
  public String noun() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** As captions say it: {@code in the meadow}, {@code on a mug}. */
  public String phrase() {
    return before + " " + noun();
  }
}
