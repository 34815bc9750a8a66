package dev.polyptych.schema.catalog;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.polyptych.schema.error.FieldProblem;
import java.util.ArrayList;
import java.util.List;

/**
 * How a sheet is cut into panels: rows × columns of equal panels, in reading order.
 *
 * @param panelWidth pixels, a multiple of the model's token edge (so that a panel border is a token
 *     border)
 * @param panelHeight pixels, a multiple of the same
 */
public record Layout(int rows, int columns, int panelWidth, int panelHeight) {
  private static final int MAX_SIDE_PANELS = 8;
  private static final int MAX_SIDE_PIXELS = 4096;
  private static final int MAX_PIXELS = 4096 * 2048;

  @JsonIgnore
  public int panels() {
    return rows * columns;
  }

  @JsonIgnore
  public int sheetWidth() {
    return columns * panelWidth;
  }

  @JsonIgnore
  public int sheetHeight() {
    return rows * panelHeight;
  }

  /**
   * Image tokens of the whole sheet.
   *
   * @param edge pixels a side of one of the model's tokens, see {@link Catalog#edge}
   */
  public int tokens(int edge) {
    return sheetWidth() / edge * (sheetHeight() / edge);
  }

  /**
   * All problems of this layout.
   *
   * @param path its place in the document
   * @param edge pixels a side of one of the model's tokens
   */
  public List<FieldProblem> problems(String path, int edge) {
    List<FieldProblem> problems = new ArrayList<>();
    checkCount(problems, path + ".rows", rows);
    checkCount(problems, path + ".columns", columns);
    checkSide(problems, path + ".panelWidth", panelWidth, edge);
    checkSide(problems, path + ".panelHeight", panelHeight, edge);
    if (problems.isEmpty() && (long) sheetWidth() * sheetHeight() > MAX_PIXELS) {
      problems.add(
          FieldProblem.invalid(
              path, "the sheet has more than " + MAX_PIXELS + " pixels; ask for smaller panels"));
    }
    return problems;
  }

  private static void checkCount(List<FieldProblem> problems, String path, int count) {
    if (count < 1 || count > MAX_SIDE_PANELS) {
      problems.add(FieldProblem.invalid(path, "must be 1 to " + MAX_SIDE_PANELS));
    }
  }

  private static void checkSide(List<FieldProblem> problems, String path, int pixels, int edge) {
    if (pixels < edge || pixels % edge != 0 || pixels > MAX_SIDE_PIXELS) {
      int near = edge * Math.clamp(Math.round(pixels / (double) edge), 1, MAX_SIDE_PIXELS / edge);
      problems.add(
          FieldProblem.invalid(
              path,
              "must be a multiple of %d pixels from %d to %d; %d is the nearest"
                  .formatted(edge, edge, MAX_SIDE_PIXELS, near)));
    }
  }
}
