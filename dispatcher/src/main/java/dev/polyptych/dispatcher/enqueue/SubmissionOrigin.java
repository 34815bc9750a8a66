package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.topic.TraceParent;
import java.util.Optional;

/**
 * Where a submission comes from.
 *
 * @param tenant the owner of the job
 * @param batch the batch that it is a line of; empty for a single submission
 */
public record SubmissionOrigin(Tenant tenant, TraceParent trace, Optional<String> batch) {}
