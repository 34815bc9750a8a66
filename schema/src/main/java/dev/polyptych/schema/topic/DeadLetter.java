package dev.polyptych.schema.topic;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * The value of a record on {@link Topics#DEAD}.
 *
 * @param job absent when the record named no job
 * @param value the record's value as it came, at most 64 KiB of it (base 64 in JSON)
 */
public record DeadLetter(
    @JsonProperty("v") int version,
    Optional<String> job,
    ErrorCode code,
    String detail,
    int attempts,
    Origin origin,
    Instant at,
    byte[] value) {
  public static final int VERSION = 1;
  public static final int MAX_VALUE_BYTES = 64 * 1024;

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
