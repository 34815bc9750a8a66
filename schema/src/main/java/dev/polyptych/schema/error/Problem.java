package dev.polyptych.schema.error;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * A problem document (RFC 9457), media type {@code application/problem+json}.
 *
 * @param detail what happened this time and what to do about it
 * @param errors the fields at fault, each with its remedy; empty when no field is
 * @param limit the limit that was reached; empty if none was
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type,
    String title,
    int status,
    ErrorCode code,
    String detail,
    List<FieldProblem> errors,
    Optional<LimitHit> limit) {

  public Problem {
    errors = errors == null ? List.of() : List.copyOf(errors);
    limit = limit == null ? Optional.empty() : limit;
  }

  public static Problem of(ErrorCode code, String detail) {
    return of(code, detail, List.of(), Optional.empty());
  }

  public static Problem of(LimitHit limit) {
    return of(limit.code(), limit.detail(), List.of(), Optional.of(limit));
  }

  /** One document for everything wrong with a request; the first problem names the document. */
  public static Problem of(List<FieldProblem> problems) {
    FieldProblem first = problems.getFirst();
    String detail =
        first.field().isEmpty() ? first.detail() : first.field() + ": " + first.detail();
    return of(first.code(), detail, problems, Optional.empty());
  }

  /**
   * The same problem with another status, for a fault in the path instead of a field of the body.
   */
  public Problem withStatus(int other) {
    return new Problem(type, title, other, code, detail, errors, limit);
  }

  private static Problem of(
      ErrorCode code, String detail, List<FieldProblem> errors, Optional<LimitHit> limit) {
    return new Problem(code.type(), code.title(), code.status(), code, detail, errors, limit);
  }
}
