package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.estimate.Estimates;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/jobs/{id}}. */
final class ReadJob implements OperationHandler {
  private final JobLookup lookup;
  private final Estimates estimates;

  ReadJob(JobLookup lookup, Estimates estimates) {
    this.lookup = lookup;
    this.estimates = estimates;
  }

  @Override
  public String operationId() {
    return "readJob";
  }

  @Override
  public void handle(RoutingContext routing) {
    lookup.find(routing, status -> Answer.json(routing, 200, estimates.now(status)));
  }
}
