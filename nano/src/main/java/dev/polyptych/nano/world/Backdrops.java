package dev.polyptych.nano.world;

import dev.polyptych.nano.world.StatedAttributes.Weather;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** Draws backgrounds and foregrounds, a few variants of each, and caches them. Thread-safe. */
final class Backdrops {
  /** Number of jittered pictures of each. */
  static final int VARIANTS = 16;

  private final int width;
  private final int height;
  private final Map<Key, BufferedImage> grounds = new ConcurrentHashMap<>();
  private final Map<Integer, BufferedImage> streaks = new ConcurrentHashMap<>();

  private record Key(Place place, Weather weather, int variant) {}

  Backdrops(int width, int height) {
    this.width = width;
    this.height = height;
  }

  /** Opaque. */
  BufferedImage ground(Place place, Weather weather, int variant) {
    return grounds.computeIfAbsent(new Key(place, weather, variant), this::drawGround);
  }

  /** The dust in front of the subject, with transparency. */
  BufferedImage streaks(int variant) {
    return streaks.computeIfAbsent(variant, this::drawStreaks);
  }

  private BufferedImage drawGround(Key key) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    SplittableRandom random = new SplittableRandom(key.variant);
    try (Canvas canvas = new Canvas(picture)) {
      if (key.place.medium()) {
        Media.draw(key.place, canvas, random);
      } else {
        Scenes.draw(key.place, canvas, random);
      }
      if (key.weather == Weather.SANDSTORM) {
        Sandstorm.veil(canvas);
      }
    }
    return picture;
  }

  private BufferedImage drawStreaks(int variant) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB_PRE);
    try (Canvas canvas = new Canvas(picture)) {
      Sandstorm.streaks(canvas, new SplittableRandom(variant));
    }
    return picture;
  }

  /** Draws the dust of a storm: a veil behind the subject, streaks in front of it. */
  static final class Sandstorm {
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
}
