package dev.polyptych.schema.json;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the most likely intended word, for "did you mean". */
public final class DidYouMean {
  private DidYouMean() {}

  /** The candidate with the fewest edits, unless that is more than a third of the word (and 2). */
  public static Optional<String> to(String word, Collection<String> candidates) {
    int bound = Math.max(2, word.length() / 3);
    return candidates.stream()
        .min(Comparator.comparingInt((String candidate) -> edits(word, candidate)))
        .filter(candidate -> edits(word, candidate) <= bound);
  }

  /**
   * Levenshtein distance without case. A word is cut to 64 characters; a name is never that long.
   */
  private static int edits(String left, String right) {
    String a = left.substring(0, Math.min(64, left.length())).toLowerCase(java.util.Locale.ROOT);
    String b = right.toLowerCase(java.util.Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
