package dev.polyptych.nano.world;

import dev.polyptych.nano.world.OpenAttributes.Typeface;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;

/** Draws letters from strokes, because a machine may have no fonts. */
final class Letters {
  private static final Color CORE = new Color(0xFFFFFF);

  /** Left, right, top and bottom of a letter's strokes in a drawing of side 1. */
  private static final double LEFT = 0.22;

  private static final double RIGHT = 0.78;
  private static final double TOP = 0.14;
  private static final double BOTTOM = 0.86;
  private static final double MIDDLE = 0.5;

  private Letters() {}

  /**
   * A square with the letter in the shade.
   *
   * @param side in pixels
   */
  static BufferedImage draw(Subject letter, Typeface typeface, Color shade, int side) {
    BufferedImage drawing = new BufferedImage(side, side, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = drawing.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.scale(side, side);
    Path2D path = path(letter);
    switch (typeface) {
      case ROUND -> stroke(graphics, path, shade, 0.20, BasicStroke.CAP_ROUND);
      case SLANTED -> {
        path.transform(new AffineTransform(1, 0, -0.42, 1, 0.21, 0));
        stroke(graphics, path, shade, 0.13, BasicStroke.CAP_BUTT);
      }
      case INLINE -> {
        stroke(graphics, path, shade, 0.24, BasicStroke.CAP_SQUARE);
        stroke(graphics, path, CORE, 0.09, BasicStroke.CAP_SQUARE);
      }
    }
    graphics.dispose();
    return drawing;
  }

  private static void stroke(
      Graphics2D graphics, Path2D path, Color colour, double thickness, int cap) {
    int join = cap == BasicStroke.CAP_ROUND ? BasicStroke.JOIN_ROUND : BasicStroke.JOIN_MITER;
    graphics.setColor(colour);
    graphics.setStroke(new BasicStroke((float) thickness, cap, join, 2));
    graphics.draw(path);
  }

  private static Path2D path(Subject letter) {
    Path2D path = new Path2D.Double();
    switch (letter) {
      case A -> {
        lines(path, LEFT, BOTTOM, MIDDLE, TOP, RIGHT, BOTTOM);
        lines(path, 0.32, 0.62, 0.68, 0.62);
      }
      case B -> {
        lines(path, LEFT, MIDDLE, LEFT, BOTTOM);
        bowl(path, MIDDLE, BOTTOM, 0.86);
        bowl(path, TOP, MIDDLE, 0.78);
        lines(path, LEFT, TOP, LEFT, MIDDLE);
      }
      case E -> {
        lines(path, RIGHT - 0.04, TOP, LEFT, TOP, LEFT, BOTTOM, RIGHT - 0.04, BOTTOM);
        lines(path, LEFT, MIDDLE, 0.66, MIDDLE);
      }
      case H -> {
        lines(path, LEFT, TOP, LEFT, BOTTOM);
        lines(path, RIGHT, TOP, RIGHT, BOTTOM);
        lines(path, LEFT, MIDDLE, RIGHT, MIDDLE);
      }
      case K -> {
        lines(path, LEFT, TOP, LEFT, BOTTOM);
        lines(path, RIGHT, TOP, LEFT + 0.06, 0.54);
        lines(path, 0.42, 0.46, RIGHT, BOTTOM);
      }
      case M -> lines(path, 0.16, BOTTOM, 0.16, TOP, MIDDLE, 0.62, 0.84, TOP, 0.84, BOTTOM);
      case R -> {
        bowl(path, TOP, MIDDLE, 0.82);
        lines(path, LEFT, TOP, LEFT, BOTTOM);
        lines(path, 0.46, MIDDLE, RIGHT, BOTTOM);
      }
      case T -> {
        lines(path, LEFT - 0.04, TOP, RIGHT + 0.04, TOP);
        lines(path, MIDDLE, TOP, MIDDLE, BOTTOM);
      }
      default -> throw new IllegalArgumentException(letter + " is no letter");
    }
    return path;
  }

  /** A curve from the stem to the right and back. */
  private static void bowl(Path2D path, double top, double bottom, double right) {
    path.moveTo(LEFT, top);
    path.lineTo(0.46, top);
    path.curveTo(right, top, right, bottom, 0.46, bottom);
    path.lineTo(LEFT, bottom);
  }

  private static void lines(Path2D path, double... points) {
    path.moveTo(points[0], points[1]);
    for (int i = 2; i < points.length; i += 2) {
      path.lineTo(points[i], points[i + 1]);
    }
  }
}
