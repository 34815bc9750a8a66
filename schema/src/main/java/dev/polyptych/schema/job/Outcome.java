package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.polyptych.schema.error.ErrorCode;
import java.time.Instant;
import java.util.Optional;

/**
 * The outcome of a settled job. It remains known after the record has expired.
 *
 * @param state a terminal one
 * @param code why it ended without images
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Outcome(JobState state, Optional<ErrorCode> code, Instant finished) {}
