package dev.polyptych.engine.sheet;

import dev.polyptych.schema.catalog.Layout;
import java.util.Set;

/**
 * Which tokens of a sheet are kept while the others are drawn. Panel borders are token borders, so
 * a panel is kept whole and no token is kept in part.
 *
 * @param kept a flag a token, row by row; not copied, so never written once it is here
 */
public record TokenMask(int rows, int columns, boolean[] kept) {
  public TokenMask {
    if (kept.length != rows * columns) {
      throw new IllegalArgumentException(
          kept.length + " flags are no mask of " + rows + " x " + columns + " tokens");
    }
  }

  /** Keeps nothing. */
  public static TokenMask none(int rows, int columns) {
    return new TokenMask(rows, columns, new boolean[rows * columns]);
  }

  /**
   * Keeps whole panels.
   *
   * @param panels numbers from 1, in reading order
   */
  public static TokenMask panels(Layout layout, Set<Integer> panels) {
    TokenMask mask =
        none(layout.sheetHeight() / Layout.TOKEN_PIXELS, layout.sheetWidth() / Layout.TOKEN_PIXELS);
    int panelRows = layout.panelHeight() / Layout.TOKEN_PIXELS;
    int panelColumns = layout.panelWidth() / Layout.TOKEN_PIXELS;
    for (int token = 0; token < mask.kept.length; token++) {
      int panelRow = token / mask.columns / panelRows;
      int panelColumn = token % mask.columns / panelColumns;
      mask.kept[token] = panels.contains(panelRow * layout.columns() + panelColumn + 1);
    }
    return mask;
  }

  /** Whether any token is kept. */
  public boolean keepsAny() {
    for (boolean token : kept) {
      if (token) {
        return true;
      }
    }
    return false;
  }

  /** Whether the token at this place is kept. */
  boolean keeps(int row, int column) {
    return kept[row * columns + column];
  }
}
