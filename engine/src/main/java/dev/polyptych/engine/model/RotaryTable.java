package dev.polyptych.engine.model;

import java.util.List;

/**
 * Rotary position embedding of text and image tokens (diffusers embeddings.py
 * get_1d_rotary_pos_embed, also in double precision). A text token has position (0, 0, 0), an image
 * token (0, row, column). All panels of a sheet share one grid. Immutable.
 */
public final class RotaryTable {
  private static final double THETA = 10_000;

  private final List<Integer> axes;
  private final int half;

  /**
   * @param axes widths of the position axes (always 0, row, column); their sum is the head width
   */
  public RotaryTable(List<Integer> axes) {
    this.axes = axes;
    this.half = axes.stream().mapToInt(Integer::intValue).sum() / 2;
  }

  /**
   * Cosines, then sines: shape (2, text + rows * columns, head width / 2), flattened.
   *
   * @param text number of text tokens
   * @param rows rows of image tokens
   * @param columns columns of image tokens
   */
  public float[] values(int text, int rows, int columns) {
    int tokens = text + rows * columns;
    float[] table = new float[2 * tokens * half];
    for (int token = 0; token < tokens; token++) {
      int image = token - text;
      int[] position = image < 0 ? new int[3] : new int[] {0, image / columns, image % columns};
      fill(table, token * half, tokens * half, position);
    }
    return table;
  }

  private void fill(float[] table, int cosine, int toSine, int[] position) {
    int place = cosine;
    for (int axis = 0; axis < axes.size(); axis++) {
      int width = axes.get(axis);
      for (int i = 0; i < width; i += 2) {
        double angle = position[axis] / Math.pow(THETA, (double) i / width);
        table[place] = (float) Math.cos(angle);
        table[place + toSine] = (float) Math.sin(angle);
        place++;
      }
    }
  }

  /** Half a head's width. */
  public int half() {
    return half;
  }
}
