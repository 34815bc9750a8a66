package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Optional;

/**
 * The message that reports a job's end to the address that the job named.
 *
 * @param job whose end it reports; also the id of the message, the same at every try
 * @param tries since the job settled, or since redelivery was asked for
 * @param settled when the job did
 * @param nextTry at the earliest, and absent unless pending; while a try is under way, when it
 *     counts as lost
 * @param lastStatus HTTP status that the last try was answered with
 * @param failure why the last try was not a delivery
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
