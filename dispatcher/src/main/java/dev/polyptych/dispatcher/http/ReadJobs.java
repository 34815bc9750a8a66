package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.estimate.Estimates;
import dev.polyptych.dispatcher.estimate.Why;
import dev.polyptych.dispatcher.registry.Offers;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.job.JobPage;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.WhyReport;
import dev.polyptych.store.JobFilter;
import dev.polyptych.store.JobListing;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code GET /v1/jobs}, {@code GET /v1/jobs/{id}} and {@code GET /v1/jobs/{id}/why}. */
public final class ReadJobs {
  private static final List<String> PARAMETERS =
      List.of("state", "task", "lane", "batch", "createdAfter", "limit", "cursor");

  /** Begins the name of a parameter that selects by an entry of the metadata. */
  private static final String METADATA = "metadata.";

  private static final List<String> STATES =
      Stream.of(JobState.values()).map(JobState::text).toList();
  private static final List<String> LANES = Stream.of(Lane.values()).map(Lane::text).toList();

  private final JobLookup jobs;
  private final JobListing listing;
  private final Offers offers;
  private final Estimates estimates;
  private final Why why;
  private final BoundedCalls calls;

  public ReadJobs(
      JobLookup jobs,
      JobListing listing,
      Offers offers,
      Estimates estimates,
      Why why,
      BoundedCalls calls) {
    this.jobs = jobs;
    this.listing = listing;
    this.offers = offers;
    this.estimates = estimates;
    this.why = why;
    this.calls = calls;
  }

  public List<ApiOperation> operations() {
    return List.of(
        new ApiOperation("listJobs", this::list),
        new ApiOperation("readJob", this::read),
        new ApiOperation("readWhy", this::readWhy));
  }

  private void read(RoutingContext routing) {
    answer(routing, estimates::now);
  }

  private void readWhy(RoutingContext routing) {
    answer(routing, this::report);
  }

  private void answer(RoutingContext routing, Function<JobStatus, Object> report) {
    jobs.read(
        routing,
        routing.pathParam("id"),
        Function.identity(),
        status -> Answer.json(routing, 200, report.apply(status)));
  }

  private WhyReport report(JobStatus status) {
    return new WhyReport(
        1, status.id(), status.state(), why.reasons(status), estimates.now(status).estimate());
  }

  private void list(RoutingContext routing) {
    Query query = new Query(routing.queryParams(), PARAMETERS, name -> name.startsWith(METADATA));
    int limit = query.pageLimit();
    String before = query.pageStart();
    String tenant = Gate.tenant(routing).id();
    calls.answer(
        routing,
        () -> {
          JobFilter filter = filter(query, tenant);
          return query.problems().isEmpty()
              ? Optional.of(listing.page(tenant, filter, before, limit))
              : Optional.<JobPage>empty();
        },
        page ->
            page.ifPresentOrElse(
                jobs -> Answer.json(routing, 200, jobs),
                () -> Answer.problem(routing, Problem.of(query.problems()))));
  }

  private JobFilter filter(Query query, String tenant) {
    List<String> states = query.someOf("state", STATES, ErrorCode.INVALID_FIELD);
    Optional<String> task =
        query.text("task").isEmpty()
            ? Optional.empty()
            : query.oneOf("task", offers.of(tenant).taskIds(), ErrorCode.UNKNOWN_TASK);
    Optional<String> lane = query.oneOf("lane", LANES, ErrorCode.INVALID_FIELD);
    return new JobFilter(
        states.stream().map(JobState::of).collect(Collectors.toSet()),
        task,
        lane.map(Lane::of),
        query.id("batch"),
        query.startingWith(METADATA),
        query.time("createdAfter"));
  }
}
