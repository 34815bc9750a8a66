package dev.polyptych.training.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.image.PictureReader;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.catalog.Layout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GapCutterTest {
  private static final Layout THREE_ROWS = new Layout(3, 1, 512, 256);
  private static final Layout FOUR = new Layout(2, 2, 256, 256);

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0} above, {1} and {2} between, {3} below")
  @CsvSource({
    "0, 0, 0, 0",
    "0, 12, 12, 0",
    "0, 8, 20, 0",
    "14, 20, 9, 11",
    "0, 24, 0, 5",
    "0, 0, 24, 0",
  })
  void cutsWhiteAwayWhereverAJpegHasIt(int above, int first, int second, int below) {
    Path file = folder.resolve("sheet.jpg");
    Collage.stacked(360, 200, above, first, second, below).write(file);

    List<SheetPixels> panels = GapCutter.cut(PictureReader.read(file), THREE_ROWS);

    assertEquals(3, panels.size());
    for (int panel = 0; panel < 3; panel++) {
      assertPure(panels.get(panel), panel);
      assertTrue(panels.get(panel).height() > 180, "height " + panels.get(panel).height());
      assertEquals(360, panels.get(panel).width());
    }
  }

  @Test
  void cutsAPictureWithoutGapsIntoEqualPanels() {
    Path file = folder.resolve("sheet.png");
    Collage.stacked(300, 160, 0, 0, 0, 0).write(file);

    List<SheetPixels> panels = GapCutter.cut(PictureReader.read(file), THREE_ROWS);

    assertEquals(List.of(160, 160, 160), panels.stream().map(SheetPixels::height).toList());
  }

  @Test
  void cutsRowsAndColumnsWithAFrame() {
    Path file = folder.resolve("sheet.jpg");
    List<int[]> columns = List.of(new int[] {10, 210}, new int[] {226, 426});
    List<int[]> rows = List.of(new int[] {10, 190}, new int[] {200, 380});
    new Collage(436, 390, columns, rows).write(file);

    List<SheetPixels> panels = GapCutter.cut(PictureReader.read(file), FOUR);

    for (int panel = 0; panel < 4; panel++) {
      assertPure(panels.get(panel), panel);
      assertTrue(panels.get(panel).width() >= 194 && panels.get(panel).width() <= 200);
      assertTrue(panels.get(panel).height() >= 174 && panels.get(panel).height() <= 180);
    }
  }

  @Test
  void leavesTheWhiteGroundOfAPanelWhereItIs() {
    // Given two panels that end in a white third, as a slide or a logo may
    Path file = folder.resolve("sheet.png");
    List<int[]> rows = List.of(new int[] {0, 200}, new int[] {300, 500});
    new Collage(300, 600, List.of(new int[] {0, 300}), rows).write(file);

    List<SheetPixels> panels = GapCutter.cut(PictureReader.read(file), new Layout(2, 1, 256, 256));

    assertEquals(List.of(300, 300), panels.stream().map(SheetPixels::height).toList());
  }

  @Test
  void anAllWhitePictureIsStillCutIntoPanels() {
    Path file = folder.resolve("sheet.png");
    new Collage(300, 300, List.of(), List.of()).write(file);

    List<SheetPixels> panels = GapCutter.cut(PictureReader.read(file), FOUR);

    assertEquals(List.of(150, 150, 150, 150), panels.stream().map(SheetPixels::height).toList());
  }

  @Test
  void refusesAPictureWithTooFewPixels() {
    SheetPixels small = new SheetPixels(40, 40, new byte[4800]);

    assertThrows(IllegalArgumentException.class, () -> GapCutter.cut(small, THREE_ROWS));
  }

  /** Every pixel is nearer to this panel's colour than to white or to another panel's. */
  private static void assertPure(SheetPixels panel, int colour) {
    int foreign = 0;
    for (int i = 0; i < panel.rgb().length; i += 3) {
      int nearest = -1;
      double best = distance(panel.rgb(), i, 255, 255, 255);
      for (int other = 0; other < Collage.COLOURS.size(); other++) {
        var known = Collage.COLOURS.get(other);
        double distance =
            distance(
                panel.rgb(), i, known.getRed() + 12, known.getGreen() + 12, known.getBlue() + 12);
        if (distance < best) {
          best = distance;
          nearest = other;
        }
      }
      foreign += nearest == colour ? 0 : 1;
    }
    // Where no gap parts two panels JPEG mixes them along the cut.
    assertTrue(
        foreign <= 6 * panel.width(), foreign + " pixels of panel " + colour + " are not its");
  }

  private static double distance(byte[] rgb, int place, int red, int green, int blue) {
    return Math.abs((rgb[place] & 255) - red)
        + Math.abs((rgb[place + 1] & 255) - green)
        + Math.abs((rgb[place + 2] & 255) - blue);
  }
}
