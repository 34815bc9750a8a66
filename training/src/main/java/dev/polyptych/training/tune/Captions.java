package dev.polyptych.training.tune;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads and checks captions; what is wrong with one is added to {@code problems}. */
record Captions(CaptionMarkers markers, List<String> problems) {
  /**
   * The caption on one line, also when it has problems.
   *
   * @param set what the caption is for
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
      markers.problems(text).forEach(problem -> problems.add(file + " " + problem));
    }
  }
}
