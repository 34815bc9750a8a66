package dev.polyptych.schema.catalog;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.polyptych.schema.error.FieldProblem;
import java.util.ArrayList;
import java.util.List;

/**
 * How a sheet is cut into panels: rows × columns of equal panels, in reading order.
 *
 * @param panelWidth pixels, a multiple of 16 (so that a panel border is a token border)
 * @param panelHeight pixels, a multiple of 16
 */
public record Layout(int rows, int columns, int panelWidth, int panelHeight) {
  /** Pixels a side of one transformer token: VAE factor 8 × patch 2. */
  public static final int TOKEN_PIXELS = 16;

  private static final int MAX_SIDE_PANELS = 8;
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

  /** Image tokens of the whole sheet. */
  @JsonIgnore
  public int tokens() {
    return sheetWidth() / TOKEN_PIXELS * (sheetHeight() / TOKEN_PIXELS);
  }

  /** All problems of this layout; {@code path} is its place in the document. */
  public List<FieldProblem> problems(String path) {
    List<FieldProblem> problems = new ArrayList<>();
    checkCount(problems, path + ".rows", rows);
    checkCount(problems, path + ".columns", columns);
    checkSide(problems, path + ".panelWidth", panelWidth);
    checkSide(problems, path + ".panelHeight", panelHeight);
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

  private static void checkSide(List<FieldProblem> problems, String path, int pixels) {
    if (pixels < TOKEN_PIXELS || pixels % TOKEN_PIXELS != 0 || pixels > 4096) {
      int near = TOKEN_PIXELS * Math.clamp(Math.round(pixels / (double) TOKEN_PIXELS), 1, 256);
      problems.add(
          FieldProblem.invalid(
              path,
              "must be a multiple of 16 pixels from 16 to 4096; " + near + " is the nearest"));
    }
  }
}
