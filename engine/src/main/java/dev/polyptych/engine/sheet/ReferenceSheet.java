package dev.polyptych.engine.sheet;

import static dev.polyptych.engine.sheet.SheetPixels.BYTES_A_PIXEL;

import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.ReferenceMethod;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The picture that a run starts from. Some panels are kept; the others are drawn around them.
 *
 * @param pixels the whole sheet, of the layout's size
 * @param kept numbers of the panels to keep, in reading order from 1 on; without any the run is
 *     image-to-image
 * @param strength share of the schedule to run, 0 to 1, as in diffusers; at 1 the run starts from
 *     pure noise, so the picture outside the kept tokens does not matter
 * @param method how the kept panels steer the others
 */
public record ReferenceSheet(
    SheetPixels pixels, Layout layout, Set<Integer> kept, double strength, ReferenceMethod method) {
  /** A neutral colour, because the encoder mixes a little of it into the latents of kept panels. */
  private static final byte GREY = (byte) 128;

  /**
   * @throws IllegalArgumentException if the strength is out of range, or if the pixels do not have
   *     the layout's size
   */
  public ReferenceSheet {
    kept = Set.copyOf(kept);
    if (!(strength >= 0 && strength <= 1)) {
      throw new IllegalArgumentException("strength must be from 0 to 1, was " + strength);
    }
    if (pixels.width() != layout.sheetWidth() || pixels.height() != layout.sheetHeight()) {
      throw new IllegalArgumentException(
          "a reference of %d x %d pixels does not fit the layout's %d x %d"
              .formatted(
                  pixels.width(), pixels.height(), layout.sheetWidth(), layout.sheetHeight()));
    }
  }

  /** By masked SDEdit. */
  public ReferenceSheet(SheetPixels pixels, Layout layout, Set<Integer> kept, double strength) {
    this(pixels, layout, kept, strength, ReferenceMethod.SDEDIT);
  }

  /** The same sheet, used by another method. */
  public ReferenceSheet by(ReferenceMethod other) {
    return new ReferenceSheet(pixels, layout, kept, strength, other);
  }

  /**
   * Builds the sheet. Each reference is fitted into its panel by {@link PanelFit}.
   *
   * @param references by panel number, from 1 on; at least one panel must remain to be drawn
   * @param background picture behind the other panels, fitted to the sheet; empty: grey
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
    return new ReferenceSheet(sheet, layout, references.keySet(), strength);
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

  /**
   * Which tokens are kept: one flag for each token, row by row.
   *
   * @param tokenEdge edge of the model's tokens in pixels (16 in FLUX.1)
   * @throws IllegalArgumentException if panel borders are not token borders
   */
  public boolean[] keptTokens(int tokenEdge) {
    if (layout.panelWidth() % tokenEdge != 0 || layout.panelHeight() % tokenEdge != 0) {
      throw new IllegalArgumentException(
          "panels with references must have edges that are multiples of %d pixels, were %d x %d"
              .formatted(tokenEdge, layout.panelWidth(), layout.panelHeight()));
    }
    int columns = layout.sheetWidth() / tokenEdge;
    boolean[] tokens = new boolean[layout.sheetHeight() / tokenEdge * columns];
    for (int token = 0; token < tokens.length; token++) {
      int panelRow = token / columns * tokenEdge / layout.panelHeight();
      int panelColumn = token % columns * tokenEdge / layout.panelWidth();
      tokens[token] = kept.contains(panelRow * layout.columns() + panelColumn + 1);
    }
    return tokens;
  }

  /** Whether its latents are on the sheet, at the start of a run or at every step. */
  public boolean anchors() {
    return method != ReferenceMethod.CONDITION || strength < 1;
  }

  /** The drawn sheet with the reference's own pixels in all kept panels. */
  public SheetPixels paste(SheetPixels drawn) {
    byte[] rgb = drawn.rgb().clone();
    int rowBytes = layout.panelWidth() * BYTES_A_PIXEL;
    for (int panel : kept) {
      int left = (panel - 1) % layout.columns() * rowBytes;
      int top = (panel - 1) / layout.columns() * layout.panelHeight();
      for (int y = top; y < top + layout.panelHeight(); y++) {
        int from = y * layout.columns() * rowBytes + left;
        System.arraycopy(pixels.rgb(), from, rgb, from, rowBytes);
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
