package dev.polyptych.lab.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** Order statistics of measured and of simulated figures. */
public final class Quantiles {
  private Quantiles() {}

  /** The middle value, or the mean of the two middle ones; NaN if there are no values. */
  public static double median(double... values) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** The median of one figure of all items. */
  public static <T> double median(Collection<T> items, ToDoubleFunction<T> figure) {
    return median(items.stream().mapToDouble(figure).toArray());
  }

  /**
   * The smallest value that is not exceeded by {@code share} of the values (nearest rank).
   *
   * @param share 0 to 1
   * @return NaN if there are no values
   */
  public static double nearestRank(double share, double... values) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(rank, 1) - 1];
  }

  /**
   * The value at {@code share} of the way from the smallest to the largest, rounded down. The
   * simulators use it; their published figures depend on it.
   *
   * @param share 0 to 1
   * @return 0 if there are no values
   */
  public static double lower(double share, double... values) {
    if (values.length == 0) {
      return 0;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) (share * (sorted.length - 1))];
  }
}
