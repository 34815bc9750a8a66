package dev.polyptych.lab.simulator;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Zipf's law: the share of an adapter falls with a power of its rank. */
public final class Popularity {
  private final double[] cumulative;

  /**
   * @param exponent 0: all adapters have the same share
   */
  public Popularity(int adapters, double exponent) {
    cumulative = new double[adapters];
    double sum = 0;
    for (int rank = 0; rank < adapters; rank++) {
      sum += Math.pow(rank + 1, -exponent);
      cumulative[rank] = sum;
    }
  }

  /** A rank, from 0. */
  public int draw(SplittableRandom random) {
    double drawn = random.nextDouble() * cumulative[cumulative.length - 1];
    int found = Arrays.binarySearch(cumulative, drawn);
    return Math.min(found < 0 ? -found - 1 : found, cumulative.length - 1);
  }

  /** Share of all jobs, 0 to 1. */
  double share(int rank) {
    double before = rank == 0 ? 0 : cumulative[rank - 1];
    return (cumulative[rank] - before) / cumulative[cumulative.length - 1];
  }
}
