package dev.polyptych.schema.topic;

import dev.polyptych.schema.job.Lane;
import java.time.Instant;

/**
 * The oldest record of a partition that is not settled.
 *
 * @param base whose lane it is on
 * @param task empty for a record that is no job
 */
public record LaneHead(String base, Lane lane, String task, Instant producedAt) {}
