package dev.polyptych.engine.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.graph.ComputeType;

/** How far our numbers may be from the reference's: the one place that says so. */
final class Tolerance {
  private static final double FLOAT32 = 1e-4;
  private static final double BFLOAT16 = 2e-2;

  /** Mean absolute error of a picture, in steps of 1/255. */
  private static final double PICTURE = 1;

  private Tolerance() {}

  /** Relative error: root mean square of the difference over that of the reference. */
  static void check(String what, ComputeType type, float[] expected, float[] actual) {
    double error = relativeError(expected, actual);
    double allowed =
        switch (type) {
          case FLOAT32 -> FLOAT32;
          case BFLOAT16 -> BFLOAT16;
        };
    assertTrue(error <= allowed, what + ": relative error " + error + " > " + allowed);
  }

  /** Mean absolute error of pixels, 0 to 255. */
  static void checkPicture(String what, float[] expected, byte[] actual) {
    assertEquals(expected.length, actual.length, what);
    double sum = 0;
    for (int i = 0; i < actual.length; i++) {
      sum += Math.abs(expected[i] - (actual[i] & 255));
    }
    double error = sum / actual.length;
    assertTrue(error <= PICTURE, what + ": mean absolute error " + error + "/255");
  }

  private static double relativeError(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(expected[i] - (double) actual[i], 2);
      size += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / size);
  }
}
