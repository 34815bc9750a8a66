package dev.polyptych.lab.bench.stepcache;

import dev.polyptych.engine.sheet.SheetPixels;

/**
 * A sheet, and what it took.
 *
 * @param seconds of the whole, on the wall
 * @param cpuSeconds of all threads of the process; on a busy machine the steadier figure
 * @param computedSteps that no cache spared
 */
record DrawnJob(double seconds, double cpuSeconds, int computedSteps, SheetPixels picture) {
  /** Mean squared difference of the bytes of two pictures of one size. */
  double squaredError(DrawnJob other) {
    byte[] one = picture.rgb();
    byte[] two = other.picture.rgb();
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      double difference = (one[i] & 255) - (two[i] & 255);
      sum += difference * difference;
    }
    return sum / one.length;
  }
}
