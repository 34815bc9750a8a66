package dev.polyptych.worker.intake;

import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.topic.DeadLetter;
import java.util.Optional;

/**
 * A record that no worker can render, and what its job is settled with.
 *
 * @param tenant owner of the job as the record says; empty when the record names no job
 * @param version which of the job's records it is
 */
public record Refused(
    RecordPosition position, DeadLetter letter, Optional<String> tenant, RecordVersion version) {}
