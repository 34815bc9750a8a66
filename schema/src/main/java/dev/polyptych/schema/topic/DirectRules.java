package dev.polyptych.schema.topic;

import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.CallerRules;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Extra rules for a record that a backend produces to the inbox ({@link Topics#HEADER_DIRECT}). No
 * dispatcher has checked it, and Kafka may deliver it again at any time. The id must hold its
 * creation time, so that a job is not drawn again after its outcome has expired.
 *
 * @param remembered how long the outcome of a settled job is kept
 */
public record DirectRules(Duration remembered) {
  /** How far a producer's clock may be ahead. */
  public static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  /** Empty when the record may be taken. */
  public List<FieldProblem> problems(RenderRecord record, Lane lane, Instant now) {
    List<FieldProblem> problems = new ArrayList<>();
    idProblem(record.id(), now).ifPresent(problem -> problems.add(problem("id", problem)));
    if (record.request().lane().orElse(Lane.INTERACTIVE) != lane) {
      problems.add(
          problem(
              "request.lane",
              "must be '%s' on topic %s".formatted(lane.text(), Topics.inbox(lane))));
    }
    if (CallerRules.check(record.request())
        instanceof Validated.Invalid<JobRequest>(List<FieldProblem> wrong)) {
      wrong.forEach(it -> problems.add(problem("request." + it.field(), it.detail())));
    }
    return problems;
  }

  private Optional<String> idProblem(String id, Instant now) {
    Optional<Instant> made = JobId.time(id);
    if (made.isEmpty()) {
      return Optional.of(
          "must be 'j-' and 26 digits of Crockford's base 32 in small letters, the milliseconds"
              + " since 1970 in front, when a backend produces it");
    }
    if (made.get().isAfter(now.plus(CLOCK_SKEW))) {
      return Optional.of("was made at " + made.get() + ", still to come; set the producer's clock");
    }
    if (made.get().isBefore(now.minus(remembered))) {
      return Optional.of(
          "was made at %s; whether a job older than %d hours was rendered is not known any more,"
                  .formatted(made.get(), remembered.toHours())
              + " so produce it under a new id");
    }
    return Optional.empty();
  }

  private static FieldProblem problem(String field, String detail) {
    return FieldProblem.invalid(field, detail);
  }
}
