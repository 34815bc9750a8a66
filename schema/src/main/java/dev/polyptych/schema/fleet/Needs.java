package dev.polyptych.schema.fleet;

import dev.polyptych.schema.catalog.ReferenceMethod;
import java.util.Optional;

/**
 * What a job needs of the worker that draws it.
 *
 * @param base id of the model; empty for a record that names none, which any model may draw
 * @param reference how its references steer the other panels; empty without references
 */
public record Needs(
    Optional<String> base, String task, String adapter, Optional<ReferenceMethod> reference) {
  /** Of a job without references. */
  public Needs(Optional<String> base, String task, String adapter) {
    this(base, task, adapter, Optional.empty());
  }
}
