package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.estimate.Estimates;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.job.ResolvedJob;
import io.vertx.ext.web.RoutingContext;

/** Answers what a submission would be made into. */
final class DryRuns {
  private final Estimates estimates;

  DryRuns(Estimates estimates) {
    this.estimates = estimates;
  }

  void answer(RoutingContext routing, RenderJob job) {
    Answer.json(routing, 200, ResolvedJob.of(job, estimates.ifSubmitted(job).ifKnown()));
  }
}
