package dev.polyptych.nano.world;

import dev.polyptych.nano.world.OpenAttributes.Shade;
import dev.polyptych.nano.world.OpenAttributes.Style;
import dev.polyptych.nano.world.OpenAttributes.Typeface;
import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes cut-outs and caches all of them: about 2000 of a few kilobytes at 64 pixels. Thread-safe.
 */
final class CutOuts {
  /** Thickness of a contour, as a fraction of the cut-out's longer side. */
  private static final double CONTOUR = 0.055;

  private static final double RIM = 0.028;
  private static final Color RIM_GREY = new Color(0x8A8A92);
  private static final double MARGIN = 0.09;

  private final Drawings drawings = new Drawings();
  private final Map<Key, CutOut> made = new ConcurrentHashMap<>();

  private record Key(Subject subject, Shade shade, Style style, Typeface typeface, int extent) {}

  /**
   * @param extent pixels of the subject's longer side
   */
  CutOut of(Subject subject, OpenAttributes open, int extent) {
    Typeface typeface = subject.letter() ? open.typeface() : Typeface.ROUND;
    return made.computeIfAbsent(
        new Key(subject, open.shade(), open.style(), typeface, extent), this::make);
  }

  private CutOut make(Key key) {
    BufferedImage drawing = drawings.draw(key.subject, key.shade, key.typeface);
    double scale = key.extent / (double) Math.max(drawing.getWidth(), drawing.getHeight());
    BufferedImage small = Scaling.scaled(drawing, scale);
    int margin = (int) Math.ceil(MARGIN * key.extent);
    BufferedImage picture =
        new BufferedImage(
            small.getWidth() + 2 * margin,
            small.getHeight() + 2 * margin,
            BufferedImage.TYPE_INT_ARGB_PRE);
    Graphics2D graphics = picture.createGraphics();
    drawContour(graphics, small, margin, key);
    graphics.drawImage(small, margin, margin, null);
    graphics.dispose();
    return new CutOut(picture, margin);
  }

  private static void drawContour(Graphics2D graphics, BufferedImage small, int margin, Key key) {
    double thickness = CONTOUR * key.extent;
    switch (key.style) {
      case PLAIN -> {}
      case STICKER -> {
        Contour.draw(graphics, small, margin, RIM_GREY, thickness + RIM * key.extent);
        Contour.draw(graphics, small, margin, Color.WHITE, thickness);
      }
      case INKED -> Contour.draw(graphics, small, margin, Color.BLACK, thickness);
    }
  }

  /**
   * A subject ready to be laid on a background.
   *
   * @param picture with transparency, and a margin for the contour all around
   * @param margin pixels a side around the subject's bounding box
   */
  record CutOut(BufferedImage picture, int margin) {

    /** Of the subject's bounding box, in pixels. */
    int width() {
      return picture.getWidth() - 2 * margin;
    }

    /** Of the subject's bounding box, in pixels. */
    int height() {
      return picture.getHeight() - 2 * margin;
    }
  }

  /** Scales pictures with transparency without jagged edges: by halves first, then bilinearly. */
  static final class Scaling {
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

  /** Draws a cut-out's contour: its silhouette, shifted in all directions. */
  static final class Contour {
    private static final int DIRECTIONS = 24;

    private Contour() {}

    /**
     * @param margin position of the cut-out, in pixels from both sides
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

    /**
     * Has a transparent border of one pixel, so that shifts by fractions of a pixel have smooth
     * edges.
     */
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
}
