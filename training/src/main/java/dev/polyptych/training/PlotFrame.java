package dev.polyptych.training;

import dev.polyptych.training.Drawing.Place;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Where steps and losses lie in a picture. */
record PlotFrame(int lastStep, double lowest, double highest) {
  static final int WIDTH = 1200;
  static final int HEIGHT = 720;
  static final int LEFT = 120;
  static final int RIGHT = WIDTH - 30;
  static final int TOP = 50;
  static final int BOTTOM = HEIGHT - 60;

  private static final int TICKS = 6;
  private static final int[] ROUND = {1, 2, 5, 10};

  /** A loss beyond the frame lies on its edge. */
  Place place(double step, double loss) {
    double up = Math.clamp((loss - lowest) / (highest - lowest), 0.0, 1.0);
    return new Place(
        LEFT + (double) (RIGHT - LEFT) * step / lastStep, BOTTOM - (BOTTOM - TOP) * up);
  }

  List<BigDecimal> stepTicks() {
    return ticks(0, lastStep, BigDecimal.ONE);
  }

  List<BigDecimal> lossTicks() {
    return ticks(lowest, highest, BigDecimal.ZERO);
  }

  /** Round numbers between two, as decimals so that they print as what they are. */
  private static List<BigDecimal> ticks(double from, double to, BigDecimal least) {
    int power = (int) Math.floor(Math.log10((to - from) / TICKS));
    BigDecimal distance = BigDecimal.ONE.scaleByPowerOfTen(power);
    for (int round : ROUND) {
      distance = BigDecimal.valueOf(round).scaleByPowerOfTen(power);
      if (distance.doubleValue() * TICKS >= to - from) {
        break;
      }
    }
    distance = distance.max(least);
    List<BigDecimal> ticks = new ArrayList<>();
    long first = (long) Math.ceil(from / distance.doubleValue());
    for (long i = first; i * distance.doubleValue() <= to; i++) {
      ticks.add(distance.multiply(BigDecimal.valueOf(i)));
    }
    return ticks;
  }
}
