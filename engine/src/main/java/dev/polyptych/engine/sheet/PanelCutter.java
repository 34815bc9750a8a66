package dev.polyptych.engine.sheet;

import static dev.polyptych.engine.sheet.SheetPixels.BYTES_A_PIXEL;

import dev.polyptych.schema.catalog.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a sheet into the panels of its layout. Every pixel goes unchanged into exactly one panel.
 */
public final class PanelCutter {
  private PanelCutter() {}

  /**
   * Cuts a sheet.
   *
   * @return the panels in reading order
   * @throws IllegalArgumentException if the sheet does not have the layout's size
   */
  public static List<SheetPixels> cut(SheetPixels sheet, Layout layout) {
    if (sheet.width() != layout.sheetWidth() || sheet.height() != layout.sheetHeight()) {
      throw new IllegalArgumentException(
          "a sheet of %d x %d pixels does not fit the layout's %d x %d"
              .formatted(sheet.width(), sheet.height(), layout.sheetWidth(), layout.sheetHeight()));
    }
    List<SheetPixels> panels = new ArrayList<>();
    for (int row = 0; row < layout.rows(); row++) {
      for (int column = 0; column < layout.columns(); column++) {
        panels.add(panel(sheet, layout, row, column));
      }
    }
    return panels;
  }

  private static SheetPixels panel(SheetPixels sheet, Layout layout, int row, int column) {
    int rowBytes = layout.panelWidth() * BYTES_A_PIXEL;
    byte[] rgb = new byte[rowBytes * layout.panelHeight()];
    for (int y = 0; y < layout.panelHeight(); y++) {
      int line = row * layout.panelHeight() + y;
      int from = (line * sheet.width() + column * layout.panelWidth()) * BYTES_A_PIXEL;
      System.arraycopy(sheet.rgb(), from, rgb, y * rowBytes, rowBytes);
    }
    return new SheetPixels(layout.panelWidth(), layout.panelHeight(), rgb);
  }
}
