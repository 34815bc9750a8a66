package dev.polyptych.store;

import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobPage;
import dev.polyptych.schema.job.JobStatus;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * Lists a tenant's jobs. Every method throws {@link StoreUnavailableException} when Redis does not
 * answer.
 */
public final class JobListing {
  private final RedisConnection redis;
  private final JobIndex index;
  private final Clock clock;

  public JobListing(RedisConnection redis, Retention retention, Clock clock) {
    this.redis = redis;
    this.index = JobIndex.ofAll(redis, retention);
    this.clock = clock;
  }

  /** The id in a cursor; empty if the cursor is not valid. */
  public static Optional<String> position(String cursor) {
    return IdPage.position(cursor);
  }

  /**
   * A page of jobs.
   *
   * @param before position of the cursor; empty for the newest jobs
   * @param limit how many at most
   */
  public JobPage page(String tenant, JobFilter filter, String before, int limit) {
    String least = filter.createdAfter().map(JobId::firstAfter).orElse("");
    IdPage page =
        IdPage.of(
            (last, most) -> index.before(tenant, filter.batch(), least, last, most),
            before,
            limit,
            ids -> passing(tenant, ids, filter));
    return new JobPage(1, statuses(page.ids()), page.cursor());
  }

  /**
   * Ids of a batch's jobs, oldest first; some may have no record.
   *
   * @param after the last id that the reader has; empty to start with the oldest
   */
  public List<String> batch(String tenant, String batch, String after, int most) {
    return index.ofBatch(tenant, batch, after, most);
  }

  /** The ids among {@code ids} whose jobs belong to the tenant. */
  public Set<String> owned(List<String> ids, String tenant) {
    List<String> owners = pipelined(ids, (pipeline, key) -> pipeline.hget(key, "tenant"));
    return IntStream.range(0, ids.size())
        .filter(i -> tenant.equals(owners.get(i)))
        .mapToObj(ids::get)
        .collect(Collectors.toSet());
  }

  private List<String> passing(String tenant, List<String> ids, JobFilter filter) {
    List<List<String>> summaries =
        pipelined(ids, (pipeline, key) -> pipeline.hmget(key, filter.fields()));
    List<String> gone = new ArrayList<>();
    List<String> passing = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      if (summaries.get(i).getFirst() == null) {
        gone.add(ids.get(i));
      } else if (filter.passes(tenant, summaries.get(i))) {
        passing.add(ids.get(i));
      }
    }
    index.removeGone(tenant, gone, clock.instant());
    return passing;
  }

  private List<JobStatus> statuses(List<String> ids) {
    List<Map<String, String>> hashes = pipelined(ids, AbstractPipeline::hgetAll);
    List<JobStatus> statuses = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      if (!hashes.get(i).isEmpty()) {
        statuses.add(JobHash.status(ids.get(i), hashes.get(i)));
      }
    }
    return statuses;
  }

  private interface Question<T> {
    Response<T> ask(AbstractPipeline pipeline, String key);
  }

  /** One question for each job, all in one round trip. */
  private <T> List<T> pipelined(List<String> ids, Question<T> question) {
    return redis.call(
        jedis -> {
          List<Response<T>> answers = new ArrayList<>();
          try (AbstractPipeline pipeline = jedis.pipelined()) {
            ids.forEach(id -> answers.add(question.ask(pipeline, new JobKeys(id).job())));
          }
          return answers.stream().map(Response::get).toList();
        });
  }
}
