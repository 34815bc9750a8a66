package dev.polyptych.nano.score;

import dev.polyptych.nano.score.SetScore.Share;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Confidence intervals by a percentile bootstrap (Efron 1979). It draws whole sets with
 * replacement, because the panels of a set depend on each other. The same shares give the same
 * interval.
 */
public final class Bootstrap {
  private static final int DRAWS = 2000;
  private static final double TAIL = 0.025;
  private static final long SEED = 0x706F6C7970L;

  private Bootstrap() {}

  /**
   * The estimate of the share over all sets.
   *
   * @param sets one share per set
   */
  public static Estimate share(List<Share> sets) {
    return estimate(sets.size(), chosen -> value(sets, chosen));
  }

  /**
   * The estimate of the difference of two shares.
   *
   * @param sets one share per set
   * @param others shares of the same sets in the same order
   */
  public static Estimate difference(List<Share> sets, List<Share> others) {
    if (sets.size() != others.size()) {
      throw new IllegalArgumentException(
          sets.size() + " sets can't be compared with " + others.size());
    }
    return estimate(sets.size(), chosen -> value(sets, chosen) - value(others, chosen));
  }

  private static double value(List<Share> sets, int[] chosen) {
    int hits = 0;
    int tries = 0;
    for (int set : chosen) {
      hits += sets.get(set).hits();
      tries += sets.get(set).tries();
    }
    return (double) hits / tries;
  }

  private static Estimate estimate(int sets, ToDoubleFunction<int[]> figure) {
    int[] all = new int[sets];
    Arrays.setAll(all, i -> i);
    SplittableRandom random = new SplittableRandom(SEED);
    double[] drawn = new double[DRAWS];
    Arrays.setAll(drawn, i -> figure.applyAsDouble(random.ints(sets, 0, sets).toArray()));
    Arrays.sort(drawn);
    int skipped = (int) (TAIL * DRAWS);
    return new Estimate(figure.applyAsDouble(all), drawn[skipped], drawn[DRAWS - 1 - skipped]);
  }

  /**
   * A figure with its 95 % confidence interval.
   *
   * @param low lower end of the interval
   * @param high upper end
   */
  public record Estimate(double value, double low, double high) {}
}
