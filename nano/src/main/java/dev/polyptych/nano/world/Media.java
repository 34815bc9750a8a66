package dev.polyptych.nano.world;

import java.awt.Color;
import java.util.random.RandomGenerator;

/** Draws the media that subjects are printed on: one large simple object on a neutral ground. */
final class Media {
  private static final double JITTER = 0.012;

  private Media() {}

  static void draw(Place medium, Canvas canvas, RandomGenerator random) {
    double middle = 0.5 + JITTER * (2 * random.nextDouble() - 1);
    switch (medium) {
      case PAPER -> paper(canvas, middle);
      case MUG -> mug(canvas, middle);
      case BAG -> bag(canvas, middle);
      case SHIRT -> shirt(canvas, middle);
      case MEADOW, BEACH, CITY, SNOW, DESERT, FOREST, ROOM, SPACE ->
          throw new IllegalArgumentException(medium + " is no medium");
    }
  }

  /** The height of the print as a fraction of the panel's height. */
  static double extent(Place medium) {
    return medium == Place.PAPER ? 0.70 : 0.50;
  }

  /** The position of the lower edge of the print, as a fraction of the panel's height. */
  static double foot(Place medium) {
    return switch (medium) {
      case PAPER -> 0.88;
      case MUG -> 0.80;
      case BAG -> 0.88;
      default -> 0.80;
    };
  }

  private static void paper(Canvas canvas, double middle) {
    canvas.ground(new Color(0xEFEDE6));
    Color line = new Color(0xD3CFC3);
    canvas.figure(line, middle - 0.5, 0, 0, 0.14, 0, 0, 0.14);
    canvas.figure(line, middle + 0.5, 0, 1, -0.14, 1, 0, 0.86);
  }

  private static void mug(Canvas canvas, double middle) {
    canvas.ground(new Color(0x6F8F93));
    canvas.rectangle(new Color(0x5A777B), 0, 0.86, 1, 0.14);
    Color china = new Color(0xF7F7F7);
    canvas.ring(new Color(0xDDE1E2), 0.075, middle + 0.36 / canvas.aspect(), 0.52, 0.24, 0.38);
    canvas.figure(china, middle, -0.36, 0.14, 0.36, 0.14, 0.33, 0.92, -0.33, 0.92);
    canvas.ellipse(new Color(0xC9CFD1), middle, 0.14, 0.72, 0.12);
    canvas.ellipse(new Color(0x5B4033), middle, 0.15, 0.62, 0.08);
  }

  private static void bag(Canvas canvas, double middle) {
    canvas.ground(new Color(0x9C8FA6));
    Color canvasCloth = new Color(0xE3C58F);
    Color strap = new Color(0xB58E4E);
    canvas.ring(strap, 0.05, middle, 0.27, 0.36, 0.46);
    canvas.figure(canvasCloth, middle, -0.36, 0.26, 0.36, 0.26, 0.42, 0.97, -0.42, 0.97);
    canvas.figure(strap, middle, -0.36, 0.26, 0.36, 0.26, 0.365, 0.31, -0.365, 0.31);
  }

  private static void shirt(Canvas canvas, double middle) {
    canvas.ground(new Color(0x7C7168));
    Color cloth = new Color(0xC9D6DE);
    canvas.figure(
        cloth, middle, -0.17, 0.05, 0.17, 0.05, 0.34, 0.11, 0.50, 0.36, 0.36, 0.46, 0.31, 0.38,
        0.31, 0.97, -0.31, 0.97, -0.31, 0.38, -0.36, 0.46, -0.50, 0.36, -0.34, 0.11);
    canvas.ellipse(new Color(0x93A5B1), middle, 0.05, 0.30, 0.14);
    canvas.ellipse(new Color(0x7C7168), middle, 0.03, 0.26, 0.12);
  }
}
