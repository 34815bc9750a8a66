package dev.polyptych.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The dispatcher refused a request. The message explains the problem to people. */
public final class RefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVICE_UNAVAILABLE = 503;

  private final int status;
  private final transient Problem problem;

  private RefusedException(int status, String message, Problem problem) {
    super(message);
    this.status = status;
    this.problem = problem;
  }

  /**
   * @param body of the answer; a problem document, unless something else answered
   */
  static RefusedException of(int status, String body) {
    try {
      Problem problem = Json.mapper().readValue(body, Problem.class);
      Stream<String> lines =
          problem.errors().isEmpty()
              ? Stream.of(problem.detail())
              : problem.errors().stream().map(RefusedException::line);
      String message = problem.title() + ": " + lines.collect(Collectors.joining("; "));
      return new RefusedException(status, message, problem);
    } catch (JsonProcessingException noProblem) {
      return new RefusedException(status, "the dispatcher answered " + status + ": " + body, null);
    }
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The problem document; empty where the answer was none that this version knows. */
  public Optional<Problem> problem() {
    return Optional.ofNullable(problem);
  }

  /** Whether the same request may succeed later: a limit was hit, or a backend does not answer. */
  public boolean temporary() {
    return status == TOO_MANY_REQUESTS || status == SERVICE_UNAVAILABLE;
  }

  private static String line(FieldProblem problem) {
    return problem.field().isEmpty() ? problem.detail() : problem.field() + " " + problem.detail();
  }
}
