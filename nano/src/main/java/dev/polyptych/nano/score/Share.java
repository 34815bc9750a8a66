package dev.polyptych.nano.score;

import java.util.Collection;

/**
 * How often something was so.
 *
 * @param hits of the tries
 */
public record Share(int hits, int tries) {
  public static final Share NONE = new Share(0, 0);

  /** Hits are some of the tries. */
  public Share {
    if (hits < 0 || hits > tries) {
      throw new IllegalArgumentException(hits + " hits of " + tries + " tries");
    }
  }

  static Share of(boolean hit) {
    return new Share(hit ? 1 : 0, 1);
  }

  /** All tries together. */
  public static Share sum(Collection<Share> shares) {
    return shares.stream().reduce(NONE, Share::plus);
  }

  Share plus(Share other) {
    return new Share(hits + other.hits, tries + other.tries);
  }

  /** From 0 to 1; not a number without tries. */
  public double value() {
    return (double) hits / tries;
  }
}
