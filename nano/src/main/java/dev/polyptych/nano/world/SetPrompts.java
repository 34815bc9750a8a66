package dev.polyptych.nano.world;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The prompts of whole panel sets. Like panel texts, they do not mention open attributes. */
final class SetPrompts {
  private static final String FIRST = "{first}";
  private static final String SECOND = "{second}";

  private SetPrompts() {}

  /**
   * @param first a subject of the set
   * @param second the other subject of a couple
   */
  static String text(Form form, Subject first, Subject second, RandomGenerator random) {
    List<String> phrases = phrases(form);
    return filled(phrases.get(random.nextInt(phrases.size())), first, second);
  }

  /** All possible prompts; couples only with one subject twice. */
  static Stream<String> all() {
    return Stream.of(Form.values())
        .flatMap(form -> phrases(form).stream())
        .flatMap(
            phrase -> Stream.of(Subject.values()).map(subject -> filled(phrase, subject, subject)));
  }

  private static String filled(String phrase, Subject first, Subject second) {
    return phrase.replace(FIRST, first.phrase()).replace(SECOND, second.phrase());
  }

  private static List<String> phrases(Form form) {
    return switch (form) {
      case FILM_STORYBOARD ->
          List.of(
              "a film about {first}",
              "a story of {first}",
              "three shots of {first}",
              "scenes from a film, {first}",
              "the travels of {first}");
      case VISUAL_IDENTITY_DESIGN ->
          List.of(
              "a logo of {first}",
              "a brand, its logo is {first}",
              "the identity of a brand with {first}",
              "{first} as a logo",
              "a logo with {first} and where it is printed");
      case FONT_DESIGN ->
          List.of(
              "a font",
              "a new font",
              "letters of a font",
              "four letters of an alphabet",
              "the design of a font");
      case SANDSTORM_VISUAL_EFFECT ->
          List.of(
              "a sandstorm",
              "a sandstorm comes over {first}",
              "{first} before and in a sandstorm",
              "{first}, then a sandstorm",
              "the sandstorm effect on {first}");
      case COUPLE_PROFILE ->
          List.of(
              "a couple, {first} and {second}",
              "{first} and {second}",
              "{first} with {second}, a couple",
              "profiles of {first} and {second}",
              "two friends, {first} and {second}");
      case FREE ->
          List.of("pictures", "some pictures", "a few drawings", "drawings", "what one can see");
    };
  }
}
