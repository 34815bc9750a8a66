package dev.polyptych.engine.sheet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polyptych.schema.catalog.Layout;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PanelCutterTest {
  @Property(tries = 60)
  void thePanelsPutTogetherAreTheSheet(
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(min = 1, max = 4) int columns,
      @ForAll @IntRange(min = 1, max = 3) int width,
      @ForAll @IntRange(min = 1, max = 3) int height) {
    // Given
    Layout layout = new Layout(rows, columns, 16 * width, 16 * height);
    SheetPixels sheet = noise(layout.sheetWidth(), layout.sheetHeight());
    // When
    List<SheetPixels> panels = PanelCutter.cut(sheet, layout);
    // Then
    assertEquals(layout.panels(), panels.size());
    assertArrayEquals(sheet.rgb(), together(panels, layout));
  }

  @Test
  void aSheetOfAnotherSizeIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> PanelCutter.cut(noise(32, 16), new Layout(1, 1, 16, 16)));
  }

  private static SheetPixels noise(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new Random(width * 31L + height).nextBytes(rgb);
    return new SheetPixels(width, height, rgb);
  }

  private static byte[] together(List<SheetPixels> panels, Layout layout) {
    byte[] rgb = new byte[3 * layout.sheetWidth() * layout.sheetHeight()];
    for (int y = 0; y < layout.sheetHeight(); y++) {
      for (int x = 0; x < layout.sheetWidth(); x++) {
        int index = y / layout.panelHeight() * layout.columns() + x / layout.panelWidth();
        int inPanel = y % layout.panelHeight() * layout.panelWidth() + x % layout.panelWidth();
        System.arraycopy(
            panels.get(index).rgb(), 3 * inPanel, rgb, 3 * (y * layout.sheetWidth() + x), 3);
      }
    }
    return rgb;
  }
}
