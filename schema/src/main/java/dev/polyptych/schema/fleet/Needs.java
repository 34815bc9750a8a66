package dev.polyptych.schema.fleet;

import java.util.Optional;

/**
 * What a job needs of the worker that draws it.
 *
 * @param base id of the model; empty for a record that names none, which any model may draw
 */
public record Needs(Optional<String> base, String task, String adapter) {}
