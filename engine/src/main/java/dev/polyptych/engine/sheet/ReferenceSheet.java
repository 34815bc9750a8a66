package dev.polyptych.engine.sheet;

import static dev.polyptych.engine.sheet.SheetPixels.BYTES_A_PIXEL;

import dev.polyptych.schema.catalog.Layout;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The picture that a sheet is drawn from: some panels are kept, the others are drawn around them.
 *
 * @param kept the tokens to keep; none of them: image to image
 * @param strength how much of the schedule is run, 0 to 1 as in diffusers: 1 starts from noise
 *     alone, so what the picture shows outside the kept tokens does not matter
 */
public record ReferenceSheet(SheetPixels pixels, TokenMask kept, double strength) {
  /** Neutral: the kept panels' latents see a little of their surroundings through the encoder. */
  private static final byte GREY = (byte) 128;

  public ReferenceSheet {
    if (!(strength >= 0 && strength <= 1)) {
      throw new IllegalArgumentException("strength must be from 0 to 1, was " + strength);
    }
    int edge = pixels.width() / kept.columns();
    if (edge * kept.columns() != pixels.width() || edge * kept.rows() != pixels.height()) {
      throw new IllegalArgumentException(
          "a mask of %d x %d tokens does not fit a sheet of %d x %d pixels"
              .formatted(kept.columns(), kept.rows(), pixels.width(), pixels.height()));
    }
  }

  /**
   * Puts references in their panels, each fitted by {@link PanelFit}.
   *
   * @param references by panel number from 1; at least one panel must be left to draw
   * @param background what the other panels start from, fitted to the sheet; grey without one
   * @throws IllegalArgumentException naming the panel or the field that is wrong
   */
  public static ReferenceSheet compose(
      Layout layout,
      Map<Integer, SheetPixels> references,
      Optional<SheetPixels> background,
      double strength) {
    check(layout, references, background, strength);
    SheetPixels sheet =
        background
            .map(picture -> PanelFit.fit(picture, layout.sheetWidth(), layout.sheetHeight()))
            .map(fitted -> new SheetPixels(fitted.width(), fitted.height(), fitted.rgb().clone()))
            .orElseGet(() -> grey(layout.sheetWidth(), layout.sheetHeight()));
    references.forEach(
        (panel, picture) ->
            put(
                PanelFit.fit(picture, layout.panelWidth(), layout.panelHeight()),
                sheet,
                (panel - 1) % layout.columns() * layout.panelWidth(),
                (panel - 1) / layout.columns() * layout.panelHeight()));
    return new ReferenceSheet(sheet, TokenMask.panels(layout, references.keySet()), strength);
  }

  private static void check(
      Layout layout,
      Map<Integer, SheetPixels> references,
      Optional<SheetPixels> background,
      double strength) {
    for (int panel : references.keySet()) {
      if (panel < 1 || panel > layout.panels()) {
        throw new IllegalArgumentException(
            "there is no panel %d to put a reference in; the sheet has panels 1 to %d"
                .formatted(panel, layout.panels()));
      }
    }
    if (references.size() == layout.panels()) {
      throw new IllegalArgumentException(
          "all %d panels have a reference; leave at least one to draw".formatted(layout.panels()));
    }
    if (background.isEmpty() && strength < 1) {
      throw new IllegalArgumentException(
          "with a strength of %s the panels without a reference would stay grey; use 1, or give a sheet to start from"
              .formatted(strength));
    }
  }

  /** The drawn sheet with every kept token's own pixels. */
  public SheetPixels paste(SheetPixels drawn) {
    if (!kept.keepsAny()) {
      return drawn;
    }
    byte[] rgb = drawn.rgb().clone();
    int edge = pixels.width() / kept.columns();
    for (int y = 0; y < pixels.height(); y++) {
      for (int column = 0; column < kept.columns(); column++) {
        if (kept.keeps(y / edge, column)) {
          int from = (y * pixels.width() + column * edge) * BYTES_A_PIXEL;
          System.arraycopy(pixels.rgb(), from, rgb, from, edge * BYTES_A_PIXEL);
        }
      }
    }
    return new SheetPixels(drawn.width(), drawn.height(), rgb);
  }

  private static SheetPixels grey(int width, int height) {
    byte[] rgb = new byte[BYTES_A_PIXEL * width * height];
    Arrays.fill(rgb, GREY);
    return new SheetPixels(width, height, rgb);
  }

  private static void put(SheetPixels panel, SheetPixels sheet, int left, int top) {
    int rowBytes = panel.width() * BYTES_A_PIXEL;
    for (int y = 0; y < panel.height(); y++) {
      int to = ((top + y) * sheet.width() + left) * BYTES_A_PIXEL;
      System.arraycopy(panel.rgb(), y * rowBytes, sheet.rgb(), to, rowBytes);
    }
  }
}
