package dev.polyptych.nano.world;

import dev.polyptych.nano.world.OpenAttributes.Style;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;

/** Draws the accessory of a cut-out that is already on the picture. */
final class Wardrobe {
  private static final Color BLACK = new Color(0x0C0C10);
  private static final Color BAND = new Color(0xF2F2F2);
  private static final Color OUTLINE = new Color(0x15151B);
  private static final double HAT_CONTOUR = 0.07;

  /** The vertical position of a tie in the bounding box. */
  private static final double TIE_DEPTH = 0.80;

  private Wardrobe() {}

  /**
   * @param picture with its origin at the middle of the bounding box's upper edge
   * @param height of the bounding box in pixels
   * @param extent longer side of the bounding box in pixels
   */
  static void dress(Graphics2D picture, OpenAttributes open, double height, double extent) {
    Graphics2D graphics = (Graphics2D) picture.create();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    switch (open.accessory()) {
      case NONE -> {}
      case TOP_HAT -> {
        graphics.scale(extent, extent);
        hat(graphics, open.style());
      }
      case BOW_TIE -> {
        graphics.translate(0, TIE_DEPTH * height);
        graphics.scale(extent, extent);
        tie(graphics);
      }
    }
    graphics.dispose();
  }

  private static void hat(Graphics2D graphics, Style style) {
    Path2D hat =
        outline(
            -0.27, 0.10, -0.27, 0.03, -0.16, 0.03, -0.18, -0.17, 0.18, -0.17, 0.16, 0.03, 0.27,
            0.03, 0.27, 0.10);
    if (style == Style.STICKER) {
      graphics.setColor(Color.WHITE);
      graphics.setStroke(
          new BasicStroke((float) HAT_CONTOUR, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      graphics.draw(hat);
    }
    graphics.setColor(BLACK);
    graphics.fill(hat);
    graphics.setColor(BAND);
    graphics.fill(outline(-0.165, -0.025, 0.165, -0.025, 0.16, 0.025, -0.16, 0.025));
  }

  private static void tie(Graphics2D graphics) {
    Path2D tie =
        outline(
            -0.27, -0.14, -0.06, -0.05, 0.06, -0.05, 0.27, -0.14, 0.27, 0.14, 0.06, 0.05, -0.06,
            0.05, -0.27, 0.14);
    graphics.setColor(OUTLINE);
    graphics.setStroke(new BasicStroke(0.08f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(tie);
    graphics.setColor(Color.WHITE);
    graphics.fill(tie);
    graphics.setColor(OUTLINE);
    graphics.fill(outline(-0.05, -0.06, 0.05, -0.06, 0.05, 0.06, -0.05, 0.06));
  }

  private static Path2D outline(double... points) {
    Path2D path = new Path2D.Double();
    path.moveTo(points[0], points[1]);
    for (int i = 2; i < points.length; i += 2) {
      path.lineTo(points[i], points[i + 1]);
    }
    path.closePath();
    return path;
  }
}
