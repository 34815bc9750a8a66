package dev.polyptych.engine.sheet;

import static dev.polyptych.engine.sheet.SheetPixels.BYTES_A_PIXEL;

import dev.polyptych.schema.catalog.Layout;
import java.util.List;

/** Lays pictures on a sheet, one a panel, without gaps: what {@link PanelCutter} takes apart. */
public final class PanelJoiner {
  private PanelJoiner() {}

  /**
   * @param pictures in reading order, of any size: each is fitted by {@link PanelFit}
   * @throws IllegalArgumentException unless there is one picture a panel
   */
  public static SheetPixels join(List<SheetPixels> pictures, Layout layout) {
    if (pictures.size() != layout.panels()) {
      throw new IllegalArgumentException(
          "%d pictures do not fill %d panels".formatted(pictures.size(), layout.panels()));
    }
    byte[] rgb = new byte[BYTES_A_PIXEL * layout.sheetWidth() * layout.sheetHeight()];
    int rowBytes = layout.panelWidth() * BYTES_A_PIXEL;
    for (int panel = 0; panel < pictures.size(); panel++) {
      byte[] fitted =
          PanelFit.fit(pictures.get(panel), layout.panelWidth(), layout.panelHeight()).rgb();
      int top = panel / layout.columns() * layout.panelHeight();
      int left = panel % layout.columns() * rowBytes;
      for (int y = 0; y < layout.panelHeight(); y++) {
        int to = (top + y) * rowBytes * layout.columns() + left;
        System.arraycopy(fitted, y * rowBytes, rgb, to, rowBytes);
      }
    }
    return new SheetPixels(layout.sheetWidth(), layout.sheetHeight(), rgb);
  }
}
