package dev.polyptych.cli.command;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** Labelled rows of panel sets, one column a seed. */
final class ComparisonSheet {
  private static final int GAP = 12;
  private static final int TITLE = 22;

  /** Pixels; narrower sheets are shown larger, by whole factors. */
  private static final int WIDE = 160;

  private static final Color PAPER = Color.WHITE;
  private static final Color INK = new Color(0x22, 0x22, 0x22);
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);

  private ComparisonSheet() {}

  /**
   * One row.
   *
   * @param title above it
   * @param sheets in the order of the seeds, all of one size
   */
  record Row(String title, List<BufferedImage> sheets) {}

  /** All rows below each other. */
  static BufferedImage of(List<Long> seeds, List<Row> rows) {
    BufferedImage first = rows.getFirst().sheets().getFirst();
    int scale = Math.max(1, WIDE / first.getWidth());
    int width = scale * first.getWidth();
    int height = scale * first.getHeight();
    int column = width + GAP;
    int row = TITLE + height + GAP;
    BufferedImage whole =
        new BufferedImage(
            GAP + seeds.size() * column,
            TITLE + GAP + rows.size() * row,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = whole.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    pen.setColor(PAPER);
    pen.fillRect(0, 0, whole.getWidth(), whole.getHeight());
    pen.setColor(INK);
    pen.setFont(FONT);
    for (int place = 0; place < seeds.size(); place++) {
      pen.drawString("seed " + seeds.get(place), GAP + place * column, TITLE);
    }
    for (int i = 0; i < rows.size(); i++) {
      int top = TITLE + GAP + i * row;
      pen.drawString(rows.get(i).title(), GAP, top + TITLE * 2 / 3);
      for (int place = 0; place < seeds.size(); place++) {
        BufferedImage sheet = rows.get(i).sheets().get(place);
        pen.drawImage(sheet, GAP + place * column, top + TITLE, width, height, null);
      }
    }
    pen.dispose();
    return whole;
  }
}
