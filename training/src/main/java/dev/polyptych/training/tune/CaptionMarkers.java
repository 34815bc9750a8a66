package dev.polyptych.training.tune;

import dev.polyptych.schema.catalog.PromptTemplate;
import dev.polyptych.schema.json.DidYouMean;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The words in square brackets of a task's template, {@code [MOVIE-SHOTS]} or {@code [SCENE-1]}.
 * Prompts will hold each once and in that order, so captions must, too: the adapter learns from
 * them which words stand for which panel. A template without any asks nothing of a caption.
 */
record CaptionMarkers(List<String> markers) {
  private static final Pattern BRACKETED = Pattern.compile("\\[[^\\[\\]\\s]+]");

  static CaptionMarkers of(PromptTemplate template) {
    return new CaptionMarkers(bracketed(template.toString()));
  }

  /** Everything wrong with a caption; nothing for a good one. */
  List<String> problems(String caption) {
    List<String> found = bracketed(caption);
    List<String> problems = new ArrayList<>();
    for (String marker : markers) {
      long times = found.stream().filter(marker::equals).count();
      if (times == 0) {
        problems.add("lacks the marker " + marker + "; " + remedy(marker, found));
      } else if (times > 1) {
        problems.add("has the marker " + marker + " " + times + " times; keep one");
      }
    }
    List<String> known = found.stream().filter(markers::contains).toList();
    if (problems.isEmpty() && !known.equals(markers)) {
      problems.add(
          "has its markers in the order %s; put them in the order %s"
              .formatted(String.join(" ", known), String.join(" ", markers)));
    }
    return problems;
  }

  private String remedy(String marker, List<String> found) {
    List<String> strange = found.stream().filter(word -> !markers.contains(word)).toList();
    return DidYouMean.to(marker, strange)
        .map(near -> "is " + near + " meant to be it?")
        .orElseGet(
            () -> "a caption of this task holds " + String.join(" ", markers) + ", once each");
  }

  private static List<String> bracketed(String text) {
    return BRACKETED.matcher(text).results().map(MatchResult::group).toList();
  }
}
