package dev.polyptych.training;

import java.util.random.RandomGenerator;

/**
 * Panels that a sheet shows without noise while the others are learnt around them: so a model
 * learns to take over what a panel shows.
 *
 * @param rows panels one below the other
 * @param columns panels side by side
 * @param panelRows tokens of a panel one below the other
 * @param panelColumns tokens of a panel side by side
 */
public record CleanPanels(int rows, int columns, int panelRows, int panelColumns) {
  /** Whether there is a choice. */
  public boolean several() {
    return rows * columns > 1;
  }

  /** No panel. */
  public boolean[] none() {
    return new boolean[rows * columns];
  }

  /** One panel to all but one, each number as often as the others; of several only. */
  public boolean[] choose(RandomGenerator chance) {
    boolean[] clean = new boolean[rows * columns];
    int left = 1 + chance.nextInt(clean.length - 1);
    for (int i = 0; i < clean.length; i++) {
      clean[i] = chance.nextInt(clean.length - i) < left;
      left -= clean[i] ? 1 : 0;
    }
    return clean;
  }

  /** For each token of the sheet, row by row: 0 in a clean panel, else 1. */
  public float[] drawn(boolean[] clean) {
    int width = columns * panelColumns;
    float[] drawn = new float[rows * panelRows * width];
    for (int token = 0; token < drawn.length; token++) {
      int row = token / width / panelRows;
      int column = token % width / panelColumns;
      drawn[token] = clean[row * columns + column] ? 0 : 1;
    }
    return drawn;
  }
}
