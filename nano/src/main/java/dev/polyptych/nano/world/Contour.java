package dev.polyptych.nano.world;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;

/** Draws a cut-out's contour: its silhouette, shifted all the way round. */
final class Contour {
  private static final int DIRECTIONS = 24;

  private Contour() {}

  /**
   * @param margin where the cut-out will lie, in pixels from both sides
   * @param thickness in pixels
   */
  static void draw(
      Graphics2D graphics, BufferedImage cutOut, int margin, Color colour, double thickness) {
    BufferedImage silhouette = silhouette(cutOut, colour);
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    for (int ring = 1; ring <= 2; ring++) {
      for (int i = 0; i < DIRECTIONS; i++) {
        double angle = 2 * Math.PI * i / DIRECTIONS;
        double radius = thickness * ring / 2;
        graphics.drawImage(
            silhouette,
            AffineTransform.getTranslateInstance(
                margin - 1 + radius * Math.cos(angle), margin - 1 + radius * Math.sin(angle)),
            null);
      }
    }
  }

  /** With a transparent border of a pixel, so that shifts by part of a pixel end smoothly. */
  private static BufferedImage silhouette(BufferedImage cutOut, Color colour) {
    BufferedImage silhouette =
        new BufferedImage(
            cutOut.getWidth() + 2, cutOut.getHeight() + 2, BufferedImage.TYPE_INT_ARGB_PRE);
    Graphics2D graphics = silhouette.createGraphics();
    graphics.drawImage(cutOut, 1, 1, null);
    graphics.setComposite(AlphaComposite.SrcIn);
    graphics.setColor(colour);
    graphics.fillRect(0, 0, silhouette.getWidth(), silhouette.getHeight());
    graphics.dispose();
    return silhouette;
  }
}
