package dev.polyptych.schema.error;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * A problem document (RFC 9457), media type {@code application/problem+json}.
 *
 * @param detail what happened this time and what to do about it
 * @param errors the fields at fault, each with its remedy; empty when no field is
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type,
    String title,
    int status,
    ErrorCode code,
    String detail,
    List<FieldProblem> errors) {

  public Problem {
    errors = errors == null ? List.of() : List.copyOf(errors);
  }

  public static Problem of(ErrorCode code, String detail) {
    return new Problem(code.type(), code.title(), code.status(), code, detail, List.of());
  }

  /** One document for everything wrong with a request; the first problem names the document. */
  public static Problem of(List<FieldProblem> problems) {
    FieldProblem first = problems.getFirst();
    String detail =
        first.field().isEmpty() ? first.detail() : first.field() + ": " + first.detail();
    ErrorCode code = first.code();
    return new Problem(code.type(), code.title(), code.status(), code, detail, problems);
  }
}
