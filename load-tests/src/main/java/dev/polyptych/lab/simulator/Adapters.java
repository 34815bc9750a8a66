package dev.polyptych.lab.simulator;

/** Adapters by number, the most wanted first. */
public final class Adapters {
  /**
   * Tokens of the ten published tasks' sheets with their 512 of text, in proportion to the
   * smallest: what a job takes.
   */
  private static final double[] SIZES = {2.1, 1.5, 2.2, 2.35, 2.35, 1.2, 2.3, 2.3, 1.0, 1.45};

  private static final double MEAN_SIZE = 1.875;

  private Adapters() {}

  static String id(int adapter) {
    return "a" + adapter;
  }

  static int number(String id) {
    return Integer.parseInt(id, 1, id.length(), 10);
  }

  /** What its jobs take in proportion to the mean of all tasks. */
  public static double size(int adapter) {
    return SIZES[adapter % SIZES.length] / MEAN_SIZE;
  }
}
