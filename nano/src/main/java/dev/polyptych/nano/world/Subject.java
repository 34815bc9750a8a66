package dev.polyptych.nano.world;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The subject of a panel: an emoji (Noto Emoji, a PNG with its name) or a letter that is drawn by
 * code.
 */
public enum Subject {
  FOX,
  OWL,
  OCTOPUS,
  FISH,
  BUTTERFLY,
  SNAIL,
  TURTLE,
  ELEPHANT,
  PENGUIN,
  ROCKET,
  SAILBOAT,
  CAR,
  ROBOT,
  MUSHROOM,
  CACTUS,
  SUNFLOWER,
  PINEAPPLE,
  TEAPOT,
  UMBRELLA,
  BALLOON,
  FROG,
  PANDA,
  CAT,
  CRAB,
  A,
  B,
  E,
  H,
  K,
  M,
  R,
  T;

  private static final String VOWELS = "aeiou";
  private static final List<Subject> EMOJI =
      Arrays.stream(values()).filter(subject -> !subject.letter()).toList();
  private static final List<Subject> LETTERS =
      Arrays.stream(values()).filter(Subject::letter).toList();

  /** The 24 emoji. */
  public static List<Subject> emoji() {
    return EMOJI;
  }

  /** The 8 letters. */
  public static List<Subject> letters() {
    return LETTERS;
  }

  /** Whether it is a letter. Letters appear only on media. */
  public boolean letter() {
    return name().length() == 1;
  }

  /** The word in captions without article: {@code fox}, {@code letter A}. */
  public String noun() {
    return letter() ? "letter " + name() : name().toLowerCase(Locale.ROOT);
  }

  /** The words in captions: {@code an owl}, {@code the letter A}. */
  public String phrase() {
    String article = VOWELS.indexOf(noun().charAt(0)) < 0 ? "a " : "an ";
    return (letter() ? "the " : article) + noun();
  }
}
