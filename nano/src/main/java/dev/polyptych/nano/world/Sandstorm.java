package dev.polyptych.nano.world;

import java.awt.Color;
import java.util.random.RandomGenerator;

/** Draws a storm's dust: a veil behind the subject, streaks before it. */
final class Sandstorm {
  private static final Color VEIL = new Color(0xC8, 0x8A, 0x3C, 0x9C);
  private static final Color HAZE = new Color(0xC8, 0x8A, 0x3C, 0x2C);
  private static final Color[] DUST = {
    new Color(0xEC, 0xC4, 0x78, 0xC8), new Color(0x96, 0x5F, 0x22, 0xB4)
  };
  private static final int STREAKS = 22;

  private Sandstorm() {}

  static void veil(Canvas canvas) {
    canvas.ground(VEIL);
  }

  static void streaks(Canvas canvas, RandomGenerator random) {
    canvas.ground(HAZE);
    for (int i = 0; i < STREAKS; i++) {
      double x = random.nextDouble() * 1.2 - 0.2;
      double y = (i + random.nextDouble()) / STREAKS;
      double length = (0.25 + 0.35 * random.nextDouble()) * canvas.aspect();
      double thickness = 0.015 + 0.019 * random.nextDouble();
      canvas.stroke(
          DUST[i % DUST.length], thickness, x, 0, y, length / 2, y - 0.05, length, y - 0.06);
    }
  }
}
