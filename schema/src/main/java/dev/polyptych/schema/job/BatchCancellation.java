package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How the jobs of a cancelled batch ended.
 *
 * @param cancelled now or before
 * @param settled otherwise, before they could be cancelled
 */
public record BatchCancellation(
    @JsonProperty("v") int version, String batch, int cancelled, int settled) {}
