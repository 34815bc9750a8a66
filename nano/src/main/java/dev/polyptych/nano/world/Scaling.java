package dev.polyptych.nano.world;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** Scales pictures with transparency without jagged edges: halves first, the rest bilinear. */
final class Scaling {
  private Scaling() {}

  static BufferedImage scaled(BufferedImage picture, double scale) {
    int width = Math.max(1, (int) Math.round(picture.getWidth() * scale));
    int height = Math.max(1, (int) Math.round(picture.getHeight() * scale));
    BufferedImage halved = picture;
    while (halved.getWidth() >= 2 * width && halved.getHeight() >= 2 * height) {
      halved = resized(halved, halved.getWidth() / 2, halved.getHeight() / 2);
    }
    return resized(halved, width, height);
  }

  private static BufferedImage resized(BufferedImage picture, int width, int height) {
    BufferedImage resized = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB_PRE);
    Graphics2D graphics = resized.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(picture, 0, 0, width, height, null);
    graphics.dispose();
    return resized;
  }
}
