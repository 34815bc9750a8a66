package dev.polyptych.nano.world;

/** The grid of a set's panels on their sheet, in reading order. */
public record Arrangement(int rows, int columns) {

  /** At least one row and one column. */
  public Arrangement {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "an arrangement of " + rows + " x " + columns + " panels is empty");
    }
  }

  public int panels() {
    return rows * columns;
  }
}
