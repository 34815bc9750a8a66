package dev.polyptych.schema.job;

import dev.polyptych.schema.error.Problem;
import java.util.Optional;

/**
 * The result of one line of a batch.
 *
 * @param line 1-based
 * @param status 202, or the status of the problem
 * @param batch the other batch that the job is in; empty if it is in this one
 */
public record BatchVerdict(
    int line, int status, Optional<String> id, Optional<Problem> problem, Optional<String> batch) {
  public static BatchVerdict accepted(int line, String id) {
    return new BatchVerdict(line, 202, Optional.of(id), Optional.empty(), Optional.empty());
  }

  /** A line whose job an earlier request submitted to another batch. */
  public static BatchVerdict elsewhere(int line, String id, String batch) {
    return new BatchVerdict(line, 202, Optional.of(id), Optional.empty(), Optional.of(batch));
  }

  public static BatchVerdict refused(int line, Problem problem) {
    return new BatchVerdict(
        line, problem.status(), Optional.empty(), Optional.of(problem), Optional.empty());
  }
}
