package dev.polyptych.schema.error;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing wrong with one field.
 *
 * @param field path as the caller wrote it, for example {@code layout.panelWidth} or {@code
 *     panels[2]}; empty when the document as a whole is wrong
 * @param detail what is wrong and what would be right
 */
public record FieldProblem(ErrorCode code, String field, String detail) {
  private static final int LONGEST_TEXT = 2000;

  public static FieldProblem invalid(String field, String detail) {
    return new FieldProblem(ErrorCode.INVALID_FIELD, field, detail);
  }

  /** All problems in one line, for logs and dead letters. A long text is cut. */
  public static String text(List<FieldProblem> problems) {
    String all =
        problems.stream()
            .map(p -> p.field().isEmpty() ? p.detail() : p.field() + ": " + p.detail())
            .collect(Collectors.joining("; "));
    return all.length() <= LONGEST_TEXT ? all : all.substring(0, LONGEST_TEXT);
  }
}
