package dev.polyptych.engine.sheet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.catalog.Layout;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceSheetTest {
  private static final Layout SQUARE = new Layout(2, 2, 32, 16);

  @Test
  void keepsTheTokensOfTheGivenPanelsOnly() {
    ReferenceSheet sheet = new ReferenceSheet(flat(64, 32, 1), SQUARE, Set.of(2, 3), 1);

    boolean[] kept = {
      false, false, true, true,
      true, true, false, false
    };
    assertArrayEquals(kept, sheet.keptTokens(16));
  }

  @Test
  void countsTokensByTheEdgeOfTheModel() {
    ReferenceSheet sheet = new ReferenceSheet(flat(64, 32, 1), SQUARE, Set.of(2), 1);

    boolean[] kept = new boolean[8 * 4];
    Arrays.fill(kept, 4, 8, true);
    Arrays.fill(kept, 12, 16, true);
    assertArrayEquals(kept, sheet.keptTokens(8));
    var refusal = assertThrows(IllegalArgumentException.class, () -> sheet.keptTokens(32));
    assertEquals(
        "panels with references must have edges that are multiples of 32 pixels, were 32 x 16",
        refusal.getMessage());
  }

  @Test
  void putsReferencesInTheirPanelsAndGreyElsewhere() {
    ReferenceSheet sheet =
        ReferenceSheet.compose(SQUARE, Map.of(2, flat(32, 16, 7)), Optional.empty(), 1);

    assertEquals(7, value(sheet.pixels(), 63, 0));
    assertEquals(7, value(sheet.pixels(), 32, 15));
    assertEquals(128, value(sheet.pixels(), 31, 0));
    assertEquals(128, value(sheet.pixels(), 32, 16));
  }

  @Test
  void startsTheOtherPanelsFromTheBackground() {
    SheetPixels background = flat(64, 32, 50);

    ReferenceSheet sheet =
        ReferenceSheet.compose(SQUARE, Map.of(1, flat(8, 8, 9)), Optional.of(background), 0.5);

    assertEquals(9, value(sheet.pixels(), 0, 0));
    assertEquals(50, value(sheet.pixels(), 40, 20));
    assertEquals(50, value(background, 0, 0));
  }

  @Property(tries = 50)
  void pastesExactlyTheKeptPanels(@ForAll @IntRange(min = 0, max = 14) int chosen) {
    Map<Integer, SheetPixels> references = new TreeMap<>();
    for (int panel = 1; panel <= 4; panel++) {
      if ((chosen >> (panel - 1) & 1) == 1) {
        references.put(panel, flat(32, 16, panel));
      }
    }

    SheetPixels pasted =
        ReferenceSheet.compose(SQUARE, references, Optional.empty(), 1).paste(flat(64, 32, 99));

    var panels = PanelCutter.cut(pasted, SQUARE);
    for (int panel = 1; panel <= 4; panel++) {
      int expected = references.containsKey(panel) ? panel : 99;
      assertArrayEquals(flat(32, 16, expected).rgb(), panels.get(panel - 1).rgb());
    }
  }

  @Test
  void doesNotTouchAPictureThatFits() {
    SheetPixels picture = flat(32, 16, 3);

    assertSame(picture, PanelFit.fit(picture, 32, 16));
  }

  @Test
  void keepsAFlatPictureFlatAtAnySize() {
    assertArrayEquals(flat(48, 16, 77).rgb(), PanelFit.fit(flat(5, 90, 77), 48, 16).rgb());
  }

  @Test
  void fitsAVeryLongPictureFromItsMiddleAlone() {
    int length = 12_000_000;
    byte[] rgb = new byte[3 * length];
    rgb[3 * (length / 2)] = 99;

    SheetPixels fitted = PanelFit.fit(new SheetPixels(1, length, rgb), 48, 16);

    assertEquals("48 x 16", fitted.width() + " x " + fitted.height());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void refusesAReferenceForAPanelThatIsNotThere(int panel) {
    assertRefused("there is no panel " + panel, Map.of(panel, flat(32, 16, 1)), 1);
  }

  @Test
  void refusesReferencesForAllPanels() {
    SheetPixels one = flat(32, 16, 1);

    assertRefused("all 4 panels have a reference", Map.of(1, one, 2, one, 3, one, 4, one), 1);
  }

  @Test
  void refusesToStartFromGrey() {
    assertRefused(
        "with a strength of 0.5 the panels without a reference would stay grey",
        Map.of(1, flat(32, 16, 1)),
        0.5);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.01, Double.NaN})
  void refusesAStrengthOutOfRange(double strength) {
    assertThrows(
        IllegalArgumentException.class,
        () -> new ReferenceSheet(flat(64, 32, 1), SQUARE, Set.of(), strength));
  }

  @Test
  void refusesALayoutOfAnotherSheet() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new ReferenceSheet(flat(64, 48, 1), SQUARE, Set.of(), 1));
  }

  private static void assertRefused(
      String beginning, Map<Integer, SheetPixels> references, double strength) {
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> ReferenceSheet.compose(SQUARE, references, Optional.empty(), strength));

    assertTrue(refusal.getMessage().startsWith(beginning), refusal.getMessage());
  }

  private static SheetPixels flat(int width, int height, int value) {
    byte[] rgb = new byte[3 * width * height];
    Arrays.fill(rgb, (byte) value);
    return new SheetPixels(width, height, rgb);
  }

  private static int value(SheetPixels picture, int x, int y) {
    return picture.rgb()[3 * (y * picture.width() + x)] & 255;
  }
}
