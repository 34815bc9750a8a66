package dev.polyptych.nano.train;

import dev.polyptych.nano.world.Arrangement;
import dev.polyptych.nano.world.PanelPainter;
import dev.polyptych.nano.world.PanelSet;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.random.RandomGenerator;

/** Paints the panels of a set side by side on their sheet. */
final class SheetPainter {
  private final PanelPainter painter;
  private final int edge;

  /**
   * @param edge of a panel, in pixels
   */
  SheetPainter(PanelPainter painter, int edge) {
    this.painter = painter;
    this.edge = edge;
  }

  BufferedImage paint(PanelSet set, RandomGenerator random) {
    Arrangement arrangement = set.arrangement();
    BufferedImage sheet =
        new BufferedImage(
            arrangement.columns() * edge, arrangement.rows() * edge, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    for (int i = 0; i < set.panels().size(); i++) {
      BufferedImage panel = painter.paint(set.panels().get(i), random.nextLong());
      int column = i % arrangement.columns();
      graphics.drawImage(panel, column * edge, i / arrangement.columns() * edge, null);
    }
    graphics.dispose();
    return sheet;
  }
}
