package dev.polyptych.lab.bench;

import dev.polyptych.engine.sheet.SheetPixels;

/** The distance between two pictures. */
public final class PictureError {
  /** The value for equal pictures, which would have infinitely many decibels. */
  public static final double EQUAL = 100;

  private static final double PEAK = 255;

  private PictureError() {}

  /** Mean squared difference of the bytes of two pictures of one size. */
  public static double squared(SheetPixels one, SheetPixels other) {
    byte[] a = one.rgb();
    byte[] b = other.rgb();
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (a[i] & 255) - (b[i] & 255);
      sum += difference * difference;
    }
    return sum / a.length;
  }

  /** Peak signal-to-noise ratio of bytes; {@link #EQUAL} if they are equal. */
  public static double decibels(double squaredError) {
    return squaredError == 0 ? EQUAL : Math.min(EQUAL, 10 * Math.log10(PEAK * PEAK / squaredError));
  }
}
