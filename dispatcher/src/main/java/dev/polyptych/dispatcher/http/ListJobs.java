package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.store.JobFilter;
import dev.polyptych.store.JobListing;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code GET /v1/jobs}. */
final class ListJobs implements OperationHandler {
  private static final List<String> PARAMETERS =
      List.of("state", "task", "lane", "limit", "cursor");
  private static final List<String> STATES =
      Stream.of(JobState.values()).map(JobState::text).toList();
  private static final List<String> LANES = Stream.of(Lane.values()).map(Lane::text).toList();
  static final int MOST = 200;
  static final int USUAL = 50;

  private final JobListing listing;
  private final Catalog catalog;
  private final LoopCalls calls;

  ListJobs(JobListing listing, Catalog catalog, LoopCalls calls) {
    this.listing = listing;
    this.catalog = catalog;
    this.calls = calls;
  }

  @Override
  public String operationId() {
    return "listJobs";
  }

  @Override
  public void handle(RoutingContext routing) {
    Query query = new Query(routing.queryParams(), PARAMETERS);
    JobFilter filter = filter(query);
    int limit = query.integer("limit", 1, MOST, USUAL);
    String before = query.text("cursor").map(cursor -> position(query, cursor)).orElse("");
    if (!query.problems().isEmpty()) {
      Answer.problem(routing, Problem.of(query.problems()));
      return;
    }
    String tenant = Callers.tenantId(routing);
    calls
        .call(() -> listing.page(tenant, filter, before, limit))
        .onSuccess(page -> Answer.json(routing, 200, page))
        .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
  }

  private JobFilter filter(Query query) {
    Optional<String> state = query.oneOf("state", STATES, ErrorCode.INVALID_FIELD);
    Optional<String> task = query.oneOf("task", catalog.taskIds(), ErrorCode.UNKNOWN_TASK);
    Optional<String> lane = query.oneOf("lane", LANES, ErrorCode.INVALID_FIELD);
    return new JobFilter(
        state.map(JobState::of),
        task,
        lane.map(text -> Lane.valueOf(text.toUpperCase(Locale.ROOT))));
  }

  /** Of a page; notes it where the cursor is none of ours. */
  static String position(Query query, String cursor) {
    Optional<String> position = JobListing.position(cursor);
    if (position.isEmpty()) {
      query.invalid("cursor", "is none that a page ended with; leave it out to begin anew");
    }
    return position.orElse("");
  }
}
