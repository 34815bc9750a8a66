package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.job.JobId;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Reads the id of a batch in a path. */
final class BatchPath {
  private BatchPath() {}

  /** Empty if it is no id. Then the request is answered. */
  static Optional<String> of(RoutingContext routing) {
    String batch = routing.pathParam("batch");
    if (JobId.valid(batch)) {
      return Optional.of(batch);
    }
    Answer.unknownBatch(routing, "of this id; ids have 1 to 64 letters, digits, '-' or '_'");
    return Optional.empty();
  }
}
