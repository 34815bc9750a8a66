package dev.polyptych.nano.world;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Makes cut-outs and keeps them all: some 2000 of a few kilobytes at 64 pixels. Thread-safe. */
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
}
