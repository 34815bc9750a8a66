package dev.polyptych.nano.world;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a panel shows: an emoji (Noto Emoji, a PNG of its name) or a letter drawn in code. */
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

  /** The 24 subjects that are no letters. */
  public static List<Subject> emoji() {
    return EMOJI;
  }

  /** The 8 letters. */
  public static List<Subject> letters() {
    return LETTERS;
  }

  /** Whether it is a letter, which stands on media only. */
  public boolean letter() {
    return name().length() == 1;
  }

  /** As captions say it, without an article: {@code fox}, {@code letter A}. */
  public String noun() {
    return letter() ? "letter " + name() : name().toLowerCase(Locale.ROOT);
  }

  /** As captions say it: {@code an owl}, {@code the letter A}. */
  public String phrase() {
    String article = VOWELS.indexOf(noun().charAt(0)) < 0 ? "a " : "an ";
    return (letter() ? "the " : article) + noun();
  }
}
