package dev.polyptych.nano.world;

import java.awt.Color;
import java.util.random.RandomGenerator;

/** Draws the eight scenes with few strokes each. All differ in colours and shapes. */
final class Scenes {
  private static final double JITTER = 0.025;

  private Scenes() {}

  static void draw(Place scene, Canvas canvas, RandomGenerator random) {
    double jitter = JITTER * (2 * random.nextDouble() - 1);
    switch (scene) {
      case MEADOW -> meadow(canvas, jitter);
      case BEACH -> beach(canvas, jitter);
      case CITY -> city(canvas, jitter);
      case SNOW -> snow(canvas, jitter);
      case DESERT -> desert(canvas, jitter);
      case FOREST -> forest(canvas, jitter);
      case ROOM -> room(canvas, jitter);
      case SPACE -> space(canvas, jitter);
      case PAPER, MUG, BAG, SHIRT -> throw new IllegalArgumentException(scene + " is no scene");
    }
  }

  private static void meadow(Canvas canvas, double jitter) {
    canvas.ground(new Color(0x9AD7F5));
    canvas.ellipse(Color.WHITE, 0.24 + jitter, 0.16, 0.30, 0.11);
    canvas.ellipse(Color.WHITE, 0.76 + jitter, 0.26, 0.24, 0.09);
    canvas.hill(new Color(0x8FCB4E), 0.62, 0.50 + jitter, 0.66);
    canvas.hill(new Color(0x6DB33A), 0.80, 0.74 - jitter, 0.70);
    for (int i = 0; i < 6; i++) {
      Color petals = i % 2 == 0 ? new Color(0xFFF3F8) : new Color(0xF77FB0);
      canvas.circle(petals, 0.09 + 0.165 * i + jitter, i % 3 == 1 ? 0.80 : 0.91, 0.028);
    }
  }

  private static void beach(Canvas canvas, double jitter) {
    canvas.ground(new Color(0xD9F1FA));
    canvas.rectangle(new Color(0x1B86C4), 0, 0.36 + jitter, 1, 0.64);
    canvas.rectangle(new Color(0x38B3DA), 0, 0.50 + jitter, 1, 0.5);
    canvas.hill(Color.WHITE, 0.60, 0.66 + jitter, 0.74);
    canvas.hill(new Color(0xF3DFA4), 0.64, 0.70 + jitter, 0.78);
  }

  private static void city(Canvas canvas, double jitter) {
    canvas.ground(new Color(0x2A3770));
    double[] roofs = {0.30, 0.14, 0.40, 0.22, 0.34};
    for (int house = 0; house < roofs.length; house++) {
      double x = 0.2 * house;
      double roof = roofs[house] + jitter;
      canvas.rectangle(new Color(house % 2 == 0 ? 0x5A628E : 0x474F7C), x, roof, 0.2, 1);
      for (double y = roof + 0.07; y < 0.78; y += 0.15) {
        canvas.rectangle(new Color(0xFFD95A), x + 0.035, y, 0.045, 0.075);
        canvas.rectangle(new Color(0xFFD95A), x + 0.12, y, 0.045, 0.075);
      }
    }
    canvas.rectangle(new Color(0x3A3D4C), 0, 0.86, 1, 0.14);
    canvas.rectangle(new Color(0xD8D8D8), 0.06 + jitter, 0.92, 0.34, 0.025);
    canvas.rectangle(new Color(0xD8D8D8), 0.6 + jitter, 0.92, 0.34, 0.025);
  }

  private static void snow(Canvas canvas, double jitter) {
    canvas.ground(new Color(0xB4C6DC));
    canvas.hill(new Color(0xDCE7F2), 0.44, 0.56 + jitter, 0.40);
    fir(canvas, 0.10 + jitter, 0.20, 0.56);
    fir(canvas, 0.90 + jitter, 0.16, 0.60);
    fir(canvas, 0.50 - jitter, 0.26, 0.40);
    canvas.hill(new Color(0xFBFDFF), 0.74, 0.68 - jitter, 0.76);
  }

  private static void fir(Canvas canvas, double x, double top, double height) {
    Color needles = new Color(0x1F5B45);
    double half = height * 0.28;
    canvas.figure(needles, x, 0, top, half * 0.7, top + height / 2, -half * 0.7, top + height / 2);
    canvas.figure(needles, x, 0, top + height / 4, half, top + height, -half, top + height);
    canvas.figure(Color.WHITE, x, 0, top, half / 3, top + height / 5, -half / 3, top + height / 5);
  }

  private static void desert(Canvas canvas, double jitter) {
    canvas.ground(new Color(0xFBC27A));
    canvas.circle(new Color(0xFFF3C4), 0.80 + jitter, 0.20, 0.13);
    canvas.hill(new Color(0xE0883E), 0.72, 0.50 + jitter, 0.44);
    canvas.hill(new Color(0xC56A2A), 0.56, 0.80 + jitter, 0.80);
    canvas.polygon(new Color(0xA85523), 0, 0.56, 0.42 + jitter, 0.92, 0.30, 1, 0, 1);
  }

  private static void forest(Canvas canvas, double jitter) {
    canvas.ground(new Color(0x2F6B3C));
    double[] trunks = {0.08, 0.30, 0.55, 0.76, 0.95};
    for (int i = 0; i < trunks.length; i++) {
      double width = i % 2 == 0 ? 0.10 : 0.07;
      Color bark = new Color(i % 2 == 0 ? 0x5B3A22 : 0x734B2C);
      canvas.rectangle(bark, trunks[i] + jitter - width / 2, 0, width, 0.84);
    }
    for (int i = 0; i < 6; i++) {
      canvas.circle(new Color(0x174A27), 0.1 + 0.16 * i - jitter, i % 2 * 0.05, 0.14);
    }
    canvas.hill(new Color(0x22512B), 0.80, 0.84 + jitter, 0.80);
  }

  private static void room(Canvas canvas, double jitter) {
    canvas.ground(new Color(0xEBCBC6));
    canvas.rectangle(Color.WHITE, 0.56 + jitter, 0.10, 0.36, 0.42);
    canvas.rectangle(new Color(0xA8DDF3), 0.59 + jitter, 0.13, 0.135, 0.36);
    canvas.rectangle(new Color(0xA8DDF3), 0.755 + jitter, 0.13, 0.135, 0.36);
    canvas.rectangle(new Color(0x8C5B48), 0.10 + jitter, 0.14, 0.26, 0.24);
    canvas.rectangle(new Color(0xF4E9D6), 0.13 + jitter, 0.17, 0.20, 0.18);
    canvas.rectangle(new Color(0xF8F4EF), 0, 0.72, 1, 0.04);
    canvas.rectangle(new Color(0xA9713F), 0, 0.76, 1, 0.24);
    canvas.ellipse(new Color(0x8A4B6E), 0.5, 0.90, 0.80, 0.13);
  }

  private static void space(Canvas canvas, double jitter) {
    canvas.ground(new Color(0x35286B));
    for (int i = 0; i < 16; i++) {
      double x = (0.07 + 0.618 * i + jitter) % 1;
      canvas.circle(Color.WHITE, x, (0.05 + 0.413 * i) % 1, i % 3 == 0 ? 0.017 : 0.011);
    }
    canvas.circle(new Color(0xD99A6C), 0.80 + jitter, 0.20 + jitter, 0.13);
    canvas.ring(new Color(0xF2DCC0), 0.028, 0.80 + jitter, 0.20 + jitter, 0.40, 0.10);
    canvas.circle(new Color(0x5E6A78), 0.12 + jitter, 0.88, 0.20);
    canvas.circle(new Color(0x485260), 0.09 + jitter, 0.84, 0.05);
  }
}
