package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Optional;

/**
 * One entry of a job's event stream. Every event carries the whole status at its time, so a reader
 * needs only the last one.
 *
 * @param eventId id of the stream entry, which is the SSE id; ascending within a job
 * @param preview a small JPEG in base 64, a preview of the sheet
 * @param state the job's state after the event; a {@code rendering} event with a step is progress
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record JobEvent(
    @JsonProperty("v") int version,
    @JsonIgnore String eventId,
    String job,
    JobState state,
    Instant at,
    int attempt,
    int step,
    int steps,
    Optional<String> worker,
    Optional<JobError> error,
    Optional<String> preview) {}
