package dev.polyptych.dispatcher.admission;

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

/** Reads and resolves submissions. */
public final class Admission {
  private final Function<String, JobResolver> resolvers;
  private final Clock clock;
  private final LongSupplier seeds;
  private final Function<String, Optional<String>> callbacks;

  /**
   * @param resolvers the resolver of a tenant's requests; may block
   * @param seeds draws from 0 to {@link JobRequestReader#MAX_SEED}
   * @param callbacks returns what is wrong with a well-formed callback address and how to correct
   *     it
   */
  public Admission(
      Function<String, JobResolver> resolvers,
      Clock clock,
      LongSupplier seeds,
      Function<String, Optional<String>> callbacks) {
    this.callbacks = callbacks;
    this.resolvers = resolvers;
    this.clock = clock;
    this.seeds = seeds;
  }

  /**
   * Reads a submission. Never blocks.
   *
   * @param body UTF-8 JSON as received
   */
  public Validated<JobRequest> read(byte[] body) {
    return checked(JobRequestReader.read(body).then(CallerRules::check));
  }

  /**
   * Reads a request again. Never blocks.
   *
   * @param request made by the dispatcher of an earlier one and a caller's texts
   */
  public Validated<JobRequest> read(JobRequest request) {
    return checked(JobRequestReader.read(Json.bytes(request)).then(CallerRules::checkTexts));
  }

  /** Resolves a request that was read. May block. */
  public Validated<RenderJob> resolve(JobRequest request, String tenant) {
    JobRequest seeded = request.seed().isPresent() ? request : request.withSeed(seeds.getAsLong());
    return resolvers.apply(tenant).resolve(JobId.next(clock), seeded);
  }

  private Validated<JobRequest> checked(Validated<JobRequest> request) {
    return request.then(this::inTime).then(this::callable);
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
}
