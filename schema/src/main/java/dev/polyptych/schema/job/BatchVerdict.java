package dev.polyptych.schema.job;

import dev.polyptych.schema.error.Problem;
import java.util.Optional;

/**
 * The result of one line of a batch.
 *
 * @param line 1-based
 * @param status 202, or the status of the problem
 */
public record BatchVerdict(int line, int status, Optional<String> id, Optional<Problem> problem) {
  public static BatchVerdict accepted(int line, String id) {
    return new BatchVerdict(line, 202, Optional.of(id), Optional.empty());
  }

  public static BatchVerdict refused(int line, Problem problem) {
    return new BatchVerdict(line, problem.status(), Optional.empty(), Optional.of(problem));
  }
}
