package dev.polyptych.nano.world;

import dev.polyptych.nano.world.StatedAttributes.Combinations;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Panel texts: plain English of at most 9 words (11 in a sandstorm) that do not mention open
 * attributes.
 */
public final class PanelCaptions {
  private static final Pattern WORD = Pattern.compile("[A-Za-z]+|[^A-Za-z\\s]");

  private PanelCaptions() {}

  /** A random paraphrase. */
  public static String text(Panel panel, RandomGenerator random) {
    List<String> paraphrases = paraphrases(panel.stated());
    return paraphrases.get(random.nextInt(paraphrases.size()));
  }

  /** All paraphrases. */
  public static List<String> paraphrases(StatedAttributes stated) {
    if (stated.place().medium()) {
      return onMedium(stated);
    }
    String who = "a " + stated.size().phrase() + " " + stated.subject().noun();
    String position = stated.position().phrase();
    String place = stated.place().phrase();
    return switch (stated.weather()) {
      case CLEAR ->
          List.of(
              who + " " + position + " " + place,
              place + ", " + who + " " + position,
              who + " " + place + ", " + position);
      case SANDSTORM -> inSandstorm(who + " " + position, stated.place());
    };
  }

  /** All words and punctuation marks of panel texts and set prompts, sorted. */
  public static Set<String> words() {
    Set<String> words = new TreeSet<>();
    Combinations.all()
        .forEach(stated -> paraphrases(stated).forEach(text -> words.addAll(split(text))));
    SetPrompts.all().forEach(prompt -> words.addAll(split(prompt)));
    return words;
  }

  /** The words and punctuation marks of a text in order, as in {@link #words}. */
  public static List<String> split(String text) {
    return WORD.matcher(text).results().map(MatchResult::group).toList();
  }

  private static List<String> onMedium(StatedAttributes stated) {
    String who = stated.subject().phrase();
    String place = stated.place().phrase();
    return List.of(who + " " + place, place + ", " + who, who + " printed " + place);
  }

  private static List<String> inSandstorm(String what, Place place) {
    return List.of(
        what + " in a " + place.noun() + " sandstorm",
        "in a " + place.noun() + " sandstorm, " + what,
        "a sandstorm " + place.phrase() + ", " + what);
  }
}
