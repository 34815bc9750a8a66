package dev.polyptych.training.tune;

import dev.polyptych.schema.catalog.PromptTemplate;
import dev.polyptych.schema.json.DidYouMean;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Reads and checks captions. Adds what is wrong with one to {@code problems}.
 *
 * @param markers words in square brackets in the task's template, such as {@code [MOVIE-SHOTS]} or
 *     {@code [SCENE-1]}. A prompt will contain each once and in this order, so a caption must, too:
 *     from them the adapter learns which words describe which panel. Without markers any caption is
 *     fine.
 */
record Captions(List<String> markers, List<String> problems) {
  private static final Pattern BRACKETED = Pattern.compile("\\[[^\\[\\]\\s]+]");

  /** A reader of captions for the prompts of a template. */
  static Captions of(PromptTemplate template, List<String> problems) {
    return new Captions(bracketed(template.toString()), problems);
  }

  /**
   * The caption on one line, even if it has problems; empty if there is no readable file.
   *
   * @param set the set that the caption describes
   */
  Optional<String> read(Path file, Path set) {
    if (!Files.isRegularFile(file)) {
      problems.add(set + " has no caption; write it to " + file);
      return Optional.empty();
    }
    try {
      // Some editors begin a file with a byte order mark.
      String text = Files.readString(file).replace("\uFEFF", "").strip().replaceAll("\\s+", " ");
      check(file, text);
      return Optional.of(text);
    } catch (IOException unreadable) {
      problems.add(file + " can't be read as UTF-8 (" + unreadable + "); save it as such");
      return Optional.empty();
    }
  }

  private void check(Path file, String text) {
    if (text.isEmpty()) {
      problems.add(file + " is empty; describe the set and each of its panels");
    } else {
      faults(text).forEach(problem -> problems.add(file + " " + problem));
    }
  }

  /** All faults of a caption's markers; empty for a good caption. */
  private List<String> faults(String caption) {
    List<String> found = bracketed(caption);
    List<String> faults = new ArrayList<>();
    for (String marker : markers) {
      long times = found.stream().filter(marker::equals).count();
      if (times == 0) {
        faults.add("lacks the marker " + marker + "; " + remedy(marker, found));
      } else if (times > 1) {
        faults.add("has the marker " + marker + " " + times + " times; keep one");
      }
    }
    List<String> known = found.stream().filter(markers::contains).toList();
    if (faults.isEmpty() && !known.equals(markers)) {
      faults.add(
          "has its markers in the order %s; put them in the order %s"
              .formatted(String.join(" ", known), String.join(" ", markers)));
    }
    return faults;
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
