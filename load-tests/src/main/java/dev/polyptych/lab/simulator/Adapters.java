package dev.polyptych.lab.simulator;

/** Adapters by number. The most popular one is number 0. */
public final class Adapters {
  /**
   * Relative duration of a job of each of the ten published tasks: its tokens (sheet plus 512 of
   * text) divided by those of the smallest task.
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

  /** Duration of its jobs divided by the mean over all tasks. */
  public static double size(int adapter) {
    return SIZES[adapter % SIZES.length] / MEAN_SIZE;
  }
}
