package dev.polyptych.nano.world;

import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Draws what lies behind and before subjects, a few variants of each, and keeps it. Thread-safe.
 */
final class Backdrops {
  /** How many differently jittered pictures there are of each. */
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

  /** The dust before the subject, with transparency. */
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
}
