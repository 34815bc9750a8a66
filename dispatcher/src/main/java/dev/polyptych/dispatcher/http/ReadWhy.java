package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.estimate.Outlook;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.WhyReport;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/jobs/{id}/why}. */
final class ReadWhy implements OperationHandler {
  private final JobLookup lookup;
  private final Outlook outlook;

  ReadWhy(JobLookup lookup, Outlook outlook) {
    this.lookup = lookup;
    this.outlook = outlook;
  }

  @Override
  public String operationId() {
    return "readWhy";
  }

  @Override
  public void handle(RoutingContext routing) {
    lookup.find(routing, status -> Answer.json(routing, 200, report(status)));
  }

  private WhyReport report(JobStatus status) {
    return new WhyReport(
        1,
        status.id(),
        status.state(),
        outlook.why().reasons(status),
        outlook.estimates().now(status).estimate());
  }
}
