package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Optional;

/**
 * The message that reports a job's end to the address that the job named.
 *
 * @param job whose end it reports; also the id of the message, the same at every try
 * @param tries number of tries since the job settled or a caller asked for redelivery
 * @param settled when the job settled
 * @param nextTry earliest time of the next try; during a try, when that try counts as lost; absent
 *     unless pending
 * @param lastStatus HTTP status of the answer to the last try
 * @param failure why the last try failed
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Callback(
    @JsonProperty("v") int version,
    String job,
    String url,
    CallbackState state,
    int tries,
    Instant settled,
    Optional<Instant> nextTry,
    Optional<Instant> lastTry,
    Optional<Integer> lastStatus,
    Optional<String> failure) {}
