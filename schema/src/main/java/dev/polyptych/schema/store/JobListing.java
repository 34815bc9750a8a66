package dev.polyptych.schema.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobPage;
import dev.polyptych.schema.job.JobStatus;
import java.util.ArrayList;
import java.util.Base64;
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
  /** How many jobs one call looks at. */
  static final int MOST_LOOKED_AT = 1_000;

  private static final int CHUNK = 100;

  private final RedisConnection redis;
  private final JobIndex index;

  public JobListing(RedisConnection redis, Retention retention) {
    this.redis = redis;
    this.index = new JobIndex(redis, retention);
  }

  /** The id that a cursor of ours stands for; empty when it is none of ours. */
  public static Optional<String> position(String cursor) {
    try {
      return Optional.of(new String(Base64.getUrlDecoder().decode(cursor), UTF_8))
          .filter(JobId::valid);
    } catch (IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }

  /**
   * A page of jobs.
   *
   * @param before position of the cursor; empty for the newest jobs
   * @param limit how many at most
   */
  public JobPage page(String tenant, JobFilter filter, String before, int limit) {
    List<String> passed = new ArrayList<>();
    String last = before;
    for (int looked = 0; looked < MOST_LOOKED_AT && passed.size() < limit; ) {
      List<String> ids = index.before(tenant, last, CHUNK);
      for (String id : passing(tenant, ids, filter)) {
        if (passed.size() < limit) {
          passed.add(id);
        }
      }
      if (ids.size() < CHUNK && passed.size() < limit) {
        return new JobPage(1, statuses(passed), Optional.empty());
      }
      looked += ids.size();
      last = ids.getLast();
    }
    return new JobPage(
        1, statuses(passed), Optional.of(cursor(passed.size() < limit ? last : passed.getLast())));
  }

  /**
   * Ids of a batch's jobs, oldest first; some may have no record.
   *
   * @param after the last one that is known; empty for the oldest
   */
  public List<String> batch(String tenant, String batch, String after, int most) {
    return index.ofBatch(tenant, batch, after, most);
  }

  /** Those of some jobs that are the tenant's. */
  public Set<String> owned(List<String> ids, String tenant) {
    List<String> owners = pipelined(ids, (pipeline, key) -> pipeline.hget(key, "tenant"));
    return IntStream.range(0, ids.size())
        .filter(i -> tenant.equals(owners.get(i)))
        .mapToObj(ids::get)
        .collect(Collectors.toSet());
  }

  private List<String> passing(String tenant, List<String> ids, JobFilter filter) {
    List<List<String>> summaries =
        pipelined(ids, (pipeline, key) -> pipeline.hmget(key, JobFilter.FIELDS));
    List<String> gone = new ArrayList<>();
    List<String> passing = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      if (summaries.get(i).getFirst() == null) {
        gone.add(ids.get(i));
      } else if (filter.passes(summaries.get(i))) {
        passing.add(ids.get(i));
      }
    }
    index.removeGone(tenant, gone);
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

  private static String cursor(String id) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(UTF_8));
  }
}
