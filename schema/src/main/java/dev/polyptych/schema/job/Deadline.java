package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.json.FieldReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The latest useful times of a job. A job that misses it ends {@link JobState#EXPIRED}.
 *
 * @param startBy when its first attempt must have begun
 * @param finishBy when its images must be there
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Deadline(Optional<Instant> startBy, Optional<Instant> finishBy) {
  private static final List<String> FIELDS = List.of("startBy", "finishBy");

  /** The fields of a request that lie in the past, each with its remedy. */
  public List<FieldProblem> passed(Instant now) {
    List<FieldProblem> problems = new ArrayList<>();
    startBy.filter(now::isAfter).ifPresent(at -> problems.add(passed("startBy", at)));
    finishBy.filter(now::isAfter).ifPresent(at -> problems.add(passed("finishBy", at)));
    return problems;
  }

  /** Empty if the field is missing or invalid. Reports an invalid field. */
  static Optional<Deadline> read(FieldReader request) {
    return request.object("deadline").flatMap(fields -> read(request, fields));
  }

  private static Optional<Deadline> read(FieldReader request, FieldReader fields) {
    fields.refuseUnknown(FIELDS);
    Deadline read = new Deadline(time(fields, "startBy"), time(fields, "finishBy"));
    if (fields.fieldNames().isEmpty()) {
      request.invalid("deadline", "is empty; give startBy, finishBy or both");
      return Optional.empty();
    }
    if (read.reversed()) {
      fields.invalid("finishBy", "must be after startBy");
    }
    return Optional.of(read);
  }

  private boolean reversed() {
    return startBy.flatMap(start -> finishBy.filter(end -> !end.isAfter(start))).isPresent();
  }

  private static Optional<Instant> time(FieldReader fields, String name) {
    return fields
        .optionalText(name)
        .flatMap(
            text -> {
              try {
                Instant time = OffsetDateTime.parse(text).toInstant();
                // It is kept in milliseconds, and Java parses years that don't fit into them.
                return Optional.of(Instant.ofEpochMilli(time.toEpochMilli()));
              } catch (DateTimeException | ArithmeticException unreadable) {
                fields.invalid(name, "must be an RFC 3339 time such as 2026-11-30T18:00:00Z");
                return Optional.empty();
              }
            });
  }

  private static FieldProblem passed(String name, Instant at) {
    return FieldProblem.invalid(
        "deadline." + name, at + " has passed; give a time that is still to come, or none");
  }
}
