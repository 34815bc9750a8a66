package dev.polyptych.nano.world;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/**
 * A picture of any size to draw on. x is a fraction of its width; y and all lengths are fractions
 * of its height, so that circles stay round. Not thread-safe. {@link #close} it when done.
 */
final class Canvas implements AutoCloseable {
  private final Graphics2D graphics;
  private final double aspect;

  Canvas(BufferedImage picture) {
    graphics = picture.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.scale(picture.getHeight(), picture.getHeight());
    aspect = (double) picture.getWidth() / picture.getHeight();
  }

  /** One unit of x in heights. */
  double aspect() {
    return aspect;
  }

  void ground(Color colour) {
    rectangle(colour, 0, 0, 1, 1);
  }

  /** Here the width is a fraction of the picture's width, like x. */
  void rectangle(Color colour, double x, double y, double width, double height) {
    fill(colour, new Rectangle2D.Double(x * aspect, y, width * aspect, height));
  }

  /** An ellipse around its middle. Width and height are fractions of the picture's height. */
  void ellipse(Color colour, double x, double y, double width, double height) {
    fill(colour, new Ellipse2D.Double(x * aspect - width / 2, y - height / 2, width, height));
  }

  void circle(Color colour, double x, double y, double radius) {
    ellipse(colour, x, y, 2 * radius, 2 * radius);
  }

  void ring(Color colour, double thickness, double x, double y, double width, double height) {
    draw(
        colour,
        thickness,
        new Ellipse2D.Double(x * aspect - width / 2, y - height / 2, width, height));
  }

  /** A polygon of alternating x and y. */
  void polygon(Color colour, double... points) {
    fill(colour, path(points, 0, aspect));
  }

  /** A polygon. Unlike elsewhere, x is in heights to the right of a middle. */
  void figure(Color colour, double middle, double... points) {
    fill(colour, path(points, middle * aspect, 1));
  }

  /** A line with round ends. x is in heights to the right of a middle. */
  void stroke(Color colour, double thickness, double middle, double... points) {
    Path2D path = path(points, middle * aspect, 1);
    draw(colour, thickness, path);
  }

  /**
   * A hill: everything below a curve through the given heights at the left, the middle and the
   * right.
   */
  void hill(Color colour, double left, double middle, double right) {
    Path2D path = new Path2D.Double();
    path.moveTo(0, left);
    path.quadTo(aspect / 2, 2 * middle - (left + right) / 2, aspect, right);
    path.lineTo(aspect, 1);
    path.lineTo(0, 1);
    path.closePath();
    fill(colour, path);
  }

  /** In heights. */
  void fill(Color colour, Shape shape) {
    graphics.setColor(colour);
    graphics.fill(shape);
  }

  /** In heights. */
  void draw(Color colour, double thickness, Shape shape) {
    graphics.setColor(colour);
    graphics.setStroke(
        new BasicStroke((float) thickness, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(shape);
  }

  @Override
  public void close() {
    graphics.dispose();
  }

  private static Path2D path(double[] points, double offset, double scale) {
    Path2D path = new Path2D.Double();
    path.moveTo(offset + points[0] * scale, points[1]);
    for (int i = 2; i < points.length; i += 2) {
      path.lineTo(offset + points[i] * scale, points[i + 1]);
    }
    return path;
  }
}
