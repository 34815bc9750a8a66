package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.estimate.Estimates;
import dev.polyptych.dispatcher.estimate.Why;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.Outcome;
import dev.polyptych.schema.job.WhyReport;
import dev.polyptych.store.JobFilter;
import dev.polyptych.store.JobListing;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.Tombstones;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** {@code GET /v1/jobs}, {@code GET /v1/jobs/{id}} and {@code GET /v1/jobs/{id}/why}. */
public final class ReadJobs {
  private static final List<String> PARAMETERS =
      List.of("state", "task", "lane", "limit", "cursor");
  private static final List<String> STATES =
      Stream.of(JobState.values()).map(JobState::text).toList();
  private static final List<String> LANES = Stream.of(Lane.values()).map(Lane::text).toList();

  private final JobStore store;
  private final Tombstones tombstones;
  private final JobListing listing;
  private final Catalog catalog;
  private final Estimates estimates;
  private final Why why;
  private final BoundedCalls calls;

  public ReadJobs(
      JobStore store,
      Tombstones tombstones,
      JobListing listing,
      Catalog catalog,
      Estimates estimates,
      Why why,
      BoundedCalls calls) {
    this.store = store;
    this.tombstones = tombstones;
    this.listing = listing;
    this.catalog = catalog;
    this.estimates = estimates;
    this.why = why;
    this.calls = calls;
  }

  private sealed interface Found {
    record Kept(JobStatus status) implements Found {}

    record Gone(Outcome outcome) implements Found {}

    record Unknown() implements Found {}
  }

  public List<ApiOperation> operations() {
    return List.of(
        new ApiOperation("listJobs", this::list),
        new ApiOperation("readJob", this::read),
        new ApiOperation("readWhy", this::readWhy));
  }

  private void read(RoutingContext routing) {
    find(routing, status -> Answer.json(routing, 200, estimates.now(status)));
  }

  private void readWhy(RoutingContext routing) {
    find(routing, status -> Answer.json(routing, 200, report(status)));
  }

  private WhyReport report(JobStatus status) {
    return new WhyReport(
        1, status.id(), status.state(), why.reasons(status), estimates.now(status).estimate());
  }

  /**
   * Passes the job's status on. If the job's record no longer exists, answers the request itself.
   */
  private void find(RoutingContext routing, Consumer<JobStatus> answer) {
    String id = routing.pathParam("id");
    String tenant = Gate.tenant(routing).id();
    calls.answer(
        routing,
        () -> find(id, tenant),
        known -> {
          switch (known) {
            case Found.Kept(JobStatus status) -> answer.accept(status);
            case Found.Gone(Outcome outcome) -> Answer.gone(routing, id, outcome);
            case Found.Unknown() -> Answer.unknownJob(routing, id);
          }
        });
  }

  private Found find(String id, String tenant) {
    return store
        .status(id, tenant)
        .<Found>map(Found.Kept::new)
        .or(() -> tombstones.outcome(id, tenant).map(Found.Gone::new))
        .orElseGet(Found.Unknown::new);
  }

  private void list(RoutingContext routing) {
    Query query = new Query(routing.queryParams(), PARAMETERS);
    JobFilter filter = filter(query);
    int limit = query.pageLimit();
    String before = query.pageStart();
    if (!query.problems().isEmpty()) {
      Answer.problem(routing, Problem.of(query.problems()));
      return;
    }
    String tenant = Gate.tenant(routing).id();
    calls.answer(
        routing,
        () -> listing.page(tenant, filter, before, limit),
        page -> Answer.json(routing, 200, page));
  }

  private JobFilter filter(Query query) {
    Optional<String> state = query.oneOf("state", STATES, ErrorCode.INVALID_FIELD);
    Optional<String> task = query.oneOf("task", catalog.taskIds(), ErrorCode.UNKNOWN_TASK);
    Optional<String> lane = query.oneOf("lane", LANES, ErrorCode.INVALID_FIELD);
    return new JobFilter(state.map(JobState::of), task, lane.map(Lane::of));
  }
}
