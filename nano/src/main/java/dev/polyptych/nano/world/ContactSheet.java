package dev.polyptych.nano.world;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Lays out pictures of one size in a grid, for people.
 *
 * @param columns pictures per row
 * @param scale factor of enlargement
 */
public record ContactSheet(int columns, int scale) {
  private static final int GAP = 4;
  private static final Color GROUND = new Color(0x303030);

  /** At least one column, scaled by at least one. */
  public ContactSheet {
    if (columns < 1 || scale < 1) {
      throw new IllegalArgumentException(
          "a contact sheet of %d columns, scaled by %d, shows nothing".formatted(columns, scale));
    }
  }

  /** The sheet, row by row, with thin gaps; of type INT_RGB. */
  public BufferedImage of(List<BufferedImage> pictures) {
    int cellWidth = pictures.getFirst().getWidth() * scale + GAP;
    int cellHeight = pictures.getFirst().getHeight() * scale + GAP;
    int rows = Math.ceilDiv(pictures.size(), columns);
    BufferedImage sheet =
        new BufferedImage(
            Math.min(columns, pictures.size()) * cellWidth + GAP,
            rows * cellHeight + GAP,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    graphics.setColor(GROUND);
    graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    for (int i = 0; i < pictures.size(); i++) {
      int x = GAP + i % columns * cellWidth;
      int y = GAP + i / columns * cellHeight;
      graphics.drawImage(pictures.get(i), x, y, cellWidth - GAP, cellHeight - GAP, null);
    }
    graphics.dispose();
    return sheet;
  }

  /**
   * Pictures of any size, one below the other, aligned at the left.
   *
   * @param gap black pixels below each
   * @return of type INT_RGB
   */
  public static BufferedImage stacked(List<BufferedImage> pictures, int gap) {
    int width = pictures.stream().mapToInt(BufferedImage::getWidth).max().orElse(1);
    int height = pictures.stream().mapToInt(picture -> picture.getHeight() + gap).sum();
    BufferedImage whole = new BufferedImage(width, Math.max(1, height), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = whole.createGraphics();
    int top = 0;
    for (BufferedImage picture : pictures) {
      graphics.drawImage(picture, 0, top, null);
      top += picture.getHeight() + gap;
    }
    graphics.dispose();
    return whole;
  }
}
