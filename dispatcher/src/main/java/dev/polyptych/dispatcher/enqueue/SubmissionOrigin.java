package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.topic.TraceParent;
import java.util.Optional;

/**
 * Where a submission comes from.
 *
 * @param tenant whose job it is
 * @param batch that it is a line of
 */
public record SubmissionOrigin(Tenant tenant, TraceParent trace, Optional<String> batch) {}
