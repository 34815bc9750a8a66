package dev.polyptych.lab.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which drills run, and how often.
 *
 * @param problems errors in the words that were read
 */
public record DrillChoice(SortedMap<DrillKind, Integer> counts, List<String> problems) {
  private static final int MOST = 10_000;

  public DrillChoice {
    counts = new TreeMap<>(counts);
    problems = List.copyOf(problems);
  }

  /** All drills that can run on this machine, each as often as usual. */
  public static DrillChoice all() {
    SortedMap<DrillKind, Integer> counts = new TreeMap<>();
    Stream.of(DrillKind.values())
        .filter(Predicate.not(DrillChoice::impossible))
        .forEach(kind -> counts.put(kind, kind.usual()));
    return new DrillChoice(counts, List.of());
  }

  /** Reads words like {@code kill} and {@code kill=5}. */
  public static DrillChoice of(List<String> words) {
    SortedMap<DrillKind, Integer> counts = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    for (String word : words) {
      String[] parts = word.strip().split("=", 2);
      DrillKind.of(parts[0])
          .ifPresentOrElse(
              kind -> choose(kind, parts, counts, problems),
              () -> problems.add("'%s' is no drill; there are: %s".formatted(parts[0], known())));
    }
    return new DrillChoice(counts, problems);
  }

  /** Whether this machine lacks something that a drill needs. */
  public static boolean impossible(DrillKind kind) {
    return kind == DrillKind.SKEW && SkewDrill.library().isEmpty();
  }

  private static void choose(
      DrillKind kind, String[] parts, SortedMap<DrillKind, Integer> counts, List<String> problems) {
    boolean number = parts.length == 1 || parts[1].matches("[1-9]\\d{0,4}");
    int count = number && parts.length == 2 ? Integer.parseInt(parts[1]) : kind.usual();
    if (!number || count > MOST) {
      problems.add("%s: must be 1 to %d times, was '%s'".formatted(parts[0], MOST, parts[1]));
    } else if (impossible(kind)) {
      problems.add("skew: needs libfaketime; install the package libfaketime, or leave skew out");
    } else {
      counts.put(kind, count);
    }
  }

  private static String known() {
    return Stream.of(DrillKind.values()).map(DrillKind::text).collect(Collectors.joining(", "));
  }
}
