package dev.polyptych.nano.world;

import dev.polyptych.nano.world.OpenAttributes.Accessory;
import dev.polyptych.nano.world.OpenAttributes.Shade;
import dev.polyptych.nano.world.OpenAttributes.Style;
import dev.polyptych.nano.world.OpenAttributes.Typeface;
import dev.polyptych.nano.world.StatedAttributes.Position;
import dev.polyptych.nano.world.StatedAttributes.Size;
import dev.polyptych.nano.world.StatedAttributes.Weather;
import java.awt.image.BufferedImage;

/** What tests draw and compare. */
final class Pictures {
  static final OpenAttributes PLAIN =
      new OpenAttributes(Shade.RED, Style.PLAIN, Accessory.NONE, Typeface.ROUND);
  static final StatedAttributes FOX =
      new StatedAttributes(Subject.FOX, Place.MEADOW, Size.BIG, Position.CENTRE, Weather.CLEAR);
  static final StatedAttributes LETTER = StatedAttributes.on(Place.MUG, Subject.A);

  private Pictures() {}

  static int[] pixels(BufferedImage picture) {
    int width = picture.getWidth();
    return picture.getRGB(0, 0, width, picture.getHeight(), null, 0, width);
  }

  /** The share of pixels that a human could tell apart. */
  static double difference(BufferedImage one, BufferedImage other) {
    int[] left = pixels(one);
    int[] right = pixels(other);
    int different = 0;
    for (int i = 0; i < left.length; i++) {
      if (distance(left[i], right[i]) > 48) {
        different++;
      }
    }
    return (double) different / left.length;
  }

  private static int distance(int one, int other) {
    return Math.abs(((one >> 16) & 255) - ((other >> 16) & 255))
        + Math.abs(((one >> 8) & 255) - ((other >> 8) & 255))
        + Math.abs((one & 255) - (other & 255));
  }
}
