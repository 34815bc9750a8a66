package dev.polyptych.nano.world;

import java.awt.Color;
import java.awt.image.BufferedImage;

/** Colours a drawing in a shade. Light parts stay light and dark parts stay dark. */
final class Tint {
  /** The share of the drawing that stays. */
  private static final double OWN = 0.30;

  /** The share of its colour that this part keeps. A larger share would turn a blue crab violet. */
  private static final double OWN_COLOUR = 0.3;

  /** The distance of the lightest tint from the shade towards white. */
  private static final double LIGHTEST = 0.62;

  /** The share of the shade in the darkest tint. */
  private static final double DARKEST = 0.16;

  /** Luma weights of ITU-R BT.601. */
  private static final double[] LUMA = {0.299, 0.587, 0.114};

  private Tint() {}

  /** A copy in the shade with the same transparency. Drawing and copy are of type INT_ARGB. */
  static BufferedImage of(BufferedImage drawing, Color shade) {
    int width = drawing.getWidth();
    int height = drawing.getHeight();
    BufferedImage tinted = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        tinted.setRGB(x, y, tinted(drawing.getRGB(x, y), shade.getRGB()));
      }
    }
    return tinted;
  }

  private static int tinted(int pixel, int shade) {
    double light = 0;
    for (int i = 0; i < 3; i++) {
      light += LUMA[i] * channel(pixel, i) / 255;
    }
    int result = pixel & 0xFF000000;
    for (int i = 0; i < 3; i++) {
      double own = OWN_COLOUR * channel(pixel, i) + (1 - OWN_COLOUR) * 255 * light;
      double mixed = OWN * own + (1 - OWN) * ramp(light, channel(shade, i));
      result |= Math.clamp(Math.round(mixed), 0, 255) << (16 - 8 * i);
    }
    return result;
  }

  /** A ramp from the darkest tint to the lightest; at half light it is the shade itself. */
  private static double ramp(double light, double shade) {
    double darkest = DARKEST * shade;
    double lightest = shade + LIGHTEST * (255 - shade);
    return light < 0.5
        ? darkest + 2 * light * (shade - darkest)
        : shade + (2 * light - 1) * (lightest - shade);
  }

  private static int channel(int pixel, int index) {
    return (pixel >> (16 - 8 * index)) & 255;
  }
}
