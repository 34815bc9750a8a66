package dev.polyptych.schema.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.job.JobState.Transition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class JobStateTest {
  @Test
  void aTerminalStateIsOneThatNothingLeaves() {
    for (JobState state : JobState.values()) {
      boolean left =
          JobState.transitions().stream().anyMatch(each -> each.from().equals(Optional.of(state)));

      assertEquals(!left, state.terminal(), state::text);
    }
  }

  @Test
  void everyTransitionStandsInTheTableOnce() {
    assertEquals(JobState.transitions().size(), JobState.transitions().stream().distinct().count());
  }

  @Test
  void thePictureInTheDocumentsShowsTheTable() throws IOException {
    List<String> drawn =
        Files.readAllLines(Path.of("../docs/concepts.md")).stream()
            .map(String::strip)
            .filter(line -> line.contains(" --> ") && !line.endsWith("--> [*]"))
            .sorted()
            .toList();

    // One arrow for two states; its label names what leads along it.
    List<String> expected =
        JobState.transitions().stream()
            .collect(
                Collectors.groupingBy(
                    each -> from(each) + " --> " + each.to().text(),
                    Collectors.mapping(JobStateTest::label, Collectors.joining(", "))))
            .entrySet()
            .stream()
            .map(arrow -> arrow.getKey() + ": " + arrow.getValue())
            .sorted()
            .toList();
    assertEquals(String.join("\n", expected), String.join("\n", drawn));
  }

  @Test
  void thePictureMarksTheTerminalStates() throws IOException {
    String page = Files.readString(Path.of("../docs/concepts.md"));

    Arrays.stream(JobState.values())
        .forEach(
            state ->
                assertEquals(
                    state.terminal(), page.contains("\n" + "    " + state.text() + " --> [*]")));
  }

  private static String from(Transition transition) {
    return transition.from().map(JobState::text).orElse("[*]");
  }

  private static String label(Transition transition) {
    return "%s (%s)"
        .formatted(
            transition.trigger().name().toLowerCase(Locale.ROOT),
            transition.trigger().by().name().toLowerCase(Locale.ROOT));
  }
}
