package dev.polyptych.training.tune;

import static dev.polyptych.engine.sheet.SheetPixels.BYTES_A_PIXEL;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.catalog.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a picture of a whole sheet into its panels. Collages have white borders, and white gaps of
 * any width between panels. Both are removed, because a model that sees them learns to draw them.
 * Without a gap the cut lies where equal panels would meet.
 */
final class GapCutter {
  /** JPEG makes white noisy, mostly beside pictures. */
  private static final int NEAR_WHITE = 232;

  private static final double WHITE_SHARE = 0.985;

  private GapCutter() {}

  /**
   * The panels in reading order, without gaps. They may differ in size.
   *
   * @throws IllegalArgumentException if the picture has fewer than 16 pixels a panel
   */
  static List<SheetPixels> cut(SheetPixels sheet, Layout layout) {
    List<PanelBands.Band> rows = PanelBands.find(whiteRows(sheet), layout.rows());
    List<PanelBands.Band> columns = PanelBands.find(whiteColumns(sheet), layout.columns());
    List<SheetPixels> panels = new ArrayList<>();
    for (PanelBands.Band row : rows) {
      for (PanelBands.Band column : columns) {
        panels.add(part(sheet, row, column));
      }
    }
    return panels;
  }

  private static boolean[] whiteRows(SheetPixels sheet) {
    boolean[] white = new boolean[sheet.height()];
    for (int y = 0; y < white.length; y++) {
      int count = 0;
      for (int x = 0; x < sheet.width(); x++) {
        count += nearWhite(sheet, x, y) ? 1 : 0;
      }
      white[y] = count >= WHITE_SHARE * sheet.width();
    }
    return white;
  }

  private static boolean[] whiteColumns(SheetPixels sheet) {
    boolean[] white = new boolean[sheet.width()];
    for (int x = 0; x < white.length; x++) {
      int count = 0;
      for (int y = 0; y < sheet.height(); y++) {
        count += nearWhite(sheet, x, y) ? 1 : 0;
      }
      white[x] = count >= WHITE_SHARE * sheet.height();
    }
    return white;
  }

  private static boolean nearWhite(SheetPixels sheet, int x, int y) {
    int place = (y * sheet.width() + x) * BYTES_A_PIXEL;
    byte[] rgb = sheet.rgb();
    return (rgb[place] & 255) >= NEAR_WHITE
        && (rgb[place + 1] & 255) >= NEAR_WHITE
        && (rgb[place + 2] & 255) >= NEAR_WHITE;
  }

  private static SheetPixels part(
      SheetPixels sheet, PanelBands.Band rows, PanelBands.Band columns) {
    int rowBytes = columns.length() * BYTES_A_PIXEL;
    byte[] rgb = new byte[rowBytes * rows.length()];
    for (int y = 0; y < rows.length(); y++) {
      int from = ((rows.from() + y) * sheet.width() + columns.from()) * BYTES_A_PIXEL;
      System.arraycopy(sheet.rgb(), from, rgb, y * rowBytes, rowBytes);
    }
    return new SheetPixels(columns.length(), rows.length(), rgb);
  }
}
