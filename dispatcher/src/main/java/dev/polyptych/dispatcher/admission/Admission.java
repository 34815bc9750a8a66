package dev.polyptych.dispatcher.admission;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.CallerRules;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.json.Json;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Reads and resolves submissions. The workers repeat the same checks. */
public final class Admission {
  private final JobResolver resolver;
  private final Clock clock;
  private final LongSupplier seeds;
  private final Function<String, Optional<String>> callbacks;

  /**
   * @param seeds draws from 0 to {@link JobRequestReader#MAX_SEED}
   * @param callbacks returns what is wrong with a well-formed callback address and how to correct
   *     it
   */
  public Admission(
      Catalog catalog,
      Clock clock,
      LongSupplier seeds,
      Function<String, Optional<String>> callbacks) {
    this.callbacks = callbacks;
    this.resolver = new JobResolver(catalog);
    this.clock = clock;
    this.seeds = seeds;
  }

  /**
   * @param body UTF-8 JSON as received
   */
  public Validated<RenderJob> admit(byte[] body) {
    return admit(JobRequestReader.read(body).then(CallerRules::check));
  }

  /**
   * @param request made by the dispatcher of an earlier one and a caller's texts
   */
  public Validated<RenderJob> admit(JobRequest request) {
    return admit(JobRequestReader.read(Json.bytes(request)).then(CallerRules::checkTexts));
  }

  private Validated<RenderJob> admit(Validated<JobRequest> request) {
    return request.then(this::inTime).then(this::callable).then(this::resolve);
  }

  private Validated<JobRequest> inTime(JobRequest request) {
    return Validated.of(
        request, request.deadline().map(set -> set.passed(clock.instant())).orElse(List.of()));
  }

  private Validated<JobRequest> callable(JobRequest request) {
    return Validated.of(
        request,
        request.callbackUrl().flatMap(callbacks).stream()
            .map(wrong -> FieldProblem.invalid("callbackUrl", wrong))
            .toList());
  }

  private Validated<RenderJob> resolve(JobRequest request) {
    JobRequest seeded = request.seed().isPresent() ? request : request.withSeed(seeds.getAsLong());
    return resolver.resolve(JobId.next(clock), seeded);
  }
}
