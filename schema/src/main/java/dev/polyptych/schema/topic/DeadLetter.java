package dev.polyptych.schema.topic;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The value of a record on {@link Topics#DEAD}.
 *
 * @param job absent when the record named no job
 * @param code one that readers one version back know
 * @param value the record's value as it came, at most 64 KiB of it (base 64 in JSON)
 * @param exactCode in place of {@code code}, where that is new in this version
 */
public record DeadLetter(
    @JsonProperty("v") int version,
    Optional<String> job,
    ErrorCode code,
    String detail,
    int attempts,
    Origin origin,
    Instant at,
    byte[] value,
    Optional<String> exactCode) {
  public static final int VERSION = 1;
  public static final int MAX_VALUE_BYTES = 64 * 1024;

  public DeadLetter {
    // Absent in a letter of an older version.
    exactCode = exactCode == null ? Optional.empty() : exactCode;
  }

  public DeadLetter(
      Optional<String> job,
      ErrorCode reason,
      String detail,
      int attempts,
      Origin origin,
      Instant at,
      byte[] value) {
    this(
        VERSION,
        job,
        reason.knownBefore(),
        detail,
        attempts,
        origin,
        at,
        value,
        reason.exactCode());
  }

  /**
   * The letter of a record that can't be a job.
   *
   * @param job that it names
   * @param value of the record
   */
  public static DeadLetter refusing(
      Optional<String> job,
      List<FieldProblem> problems,
      int attempt,
      Origin origin,
      Instant at,
      byte[] value) {
    byte[] known = value == null ? new byte[0] : value;
    return new DeadLetter(
        job,
        problems.getFirst().code(),
        FieldProblem.text(problems),
        attempt,
        origin,
        at,
        Arrays.copyOf(known, Math.min(known.length, MAX_VALUE_BYTES)));
  }

  /** Why the record got a letter. */
  public ErrorCode reason() {
    return ErrorCode.read(code.name(), exactCode);
  }

  /** Where the record stood. */
  public record Origin(String topic, int partition, long offset) {}

  /**
   * Reads what {@link #bytes} wrote.
   *
   * @throws IOException when it is something else
   */
  public static DeadLetter read(byte[] json) throws IOException {
    return Json.mapper().readValue(json, DeadLetter.class);
  }

  public byte[] bytes() {
    return Json.bytes(this);
  }
}
