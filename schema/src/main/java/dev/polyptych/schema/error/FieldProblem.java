package dev.polyptych.schema.error;

/**
 * One thing wrong with one field.
 *
 * @param field path as the caller wrote it, for example {@code layout.panelWidth} or {@code
 *     panels[2]}; empty when the document as a whole is wrong
 * @param detail what is wrong and what would be right
 */
public record FieldProblem(ErrorCode code, String field, String detail) {
  public static FieldProblem invalid(String field, String detail) {
    return new FieldProblem(ErrorCode.INVALID_FIELD, field, detail);
  }
}
