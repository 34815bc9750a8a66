package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How the jobs of a cancelled batch ended.
 *
 * @param cancelled jobs cancelled by this call or before
 * @param settled jobs that ended in another state before the cancellation
 */
public record BatchCancellation(
    @JsonProperty("v") int version, String batch, int cancelled, int settled) {}
