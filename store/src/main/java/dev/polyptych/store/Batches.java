package dev.polyptych.store;

import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.BatchFailure;
import dev.polyptych.schema.job.BatchLinks;
import dev.polyptych.schema.job.BatchSummary;
import dev.polyptych.schema.job.JobCounts;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * Reads batches. A batch is nothing but the index of its jobs, so its counts are those of the jobs'
 * records, or of their tombstones where the records have expired. A read takes two round trips per
 * 1,000 jobs and holds no more of them at once.
 *
 * <p>Every method throws {@link StoreUnavailableException} when Redis does not answer.
 */
public final class Batches {
  private static final int CHUNK = 1_000;
  private static final String EXPIRED_RECORD = "its record is no longer kept";

  private static final String[] FIELDS = {
    "state", "tenant", "code", "exactCode", "detail", "finishedAt"
  };

  private final RedisConnection redis;
  private final JobIndex index;

  public Batches(RedisConnection redis, Retention retention) {
    this.redis = redis;
    this.index = JobIndex.ofAll(redis, retention);
  }

  /** Empty if the tenant has no such batch, or no longer. */
  public Optional<BatchSummary> summary(String tenant, String batch) {
    Tally tally = new Tally();
    List<String> ids = index.ofBatch(tenant, batch, "", CHUNK);
    while (!ids.isEmpty()) {
      tally.add(tenant, ids);
      ids = ids.size() < CHUNK ? List.of() : index.ofBatch(tenant, batch, ids.getLast(), CHUNK);
    }
    return tally.summary(batch);
  }

  /** What the jobs that were read so far add up to. */
  private final class Tally {
    private final Map<JobState, Integer> states = new EnumMap<>(JobState.class);
    private final List<BatchFailure> failures = new ArrayList<>();
    private Optional<Instant> created = Optional.empty();
    private Instant finished = Instant.EPOCH;

    void add(String tenant, List<String> ids) {
      Map<String, Map<String, String>> records = read(ids, JobKeys::job);
      List<String> gone = ids.stream().filter(id -> records.get(id).isEmpty()).toList();
      Map<String, Map<String, String>> tombstones = read(gone, JobKeys::tombstone);
      for (String id : ids) {
        Map<String, String> job = records.get(id).isEmpty() ? tombstones.get(id) : records.get(id);
        if (tenant.equals(job.get("tenant"))) {
          add(id, job);
        }
      }
    }

    private void add(String id, Map<String, String> job) {
      JobState state = JobState.of(job.get("state"));
      states.merge(state, 1, Integer::sum);
      created = created.or(() -> JobId.time(id));
      if (state.terminal()) {
        Instant at = Instant.ofEpochMilli(Long.parseLong(job.get("finishedAt")));
        finished = at.isAfter(finished) ? at : finished;
      }
      if (failures.size() < BatchSummary.MOST_FAILURES) {
        job.putIfAbsent("detail", EXPIRED_RECORD);
        Optional<JobError> error = JobHash.error(job);
        error.ifPresent(why -> failures.add(new BatchFailure(id, state, why)));
      }
    }

    Optional<BatchSummary> summary(String batch) {
      JobCounts counts = JobCounts.of(states);
      boolean settled = counts.open() == 0;
      return created.map(
          at ->
              new BatchSummary(
                  1,
                  batch,
                  counts.open() + counts.settled(),
                  counts,
                  settled,
                  at,
                  Optional.of(finished).filter(_ -> settled),
                  failures,
                  BatchLinks.of(batch)));
    }
  }

  /** The fields that exist, by job; none if there is no such key. */
  private Map<String, Map<String, String>> read(List<String> ids, Function<JobKeys, String> key) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    return redis.call(
        jedis -> {
          Map<String, Response<List<String>>> answers = new HashMap<>();
          try (AbstractPipeline pipeline = jedis.pipelined()) {
            ids.forEach(id -> answers.put(id, pipeline.hmget(key.apply(new JobKeys(id)), FIELDS)));
          }
          Map<String, Map<String, String>> found = new HashMap<>();
          answers.forEach((id, answer) -> found.put(id, fields(answer.get())));
          return found;
        });
  }

  private static Map<String, String> fields(List<String> values) {
    Map<String, String> fields = new HashMap<>();
    for (int i = 0; i < FIELDS.length; i++) {
      if (values.get(i) != null) {
        fields.put(FIELDS[i], values.get(i));
      }
    }
    return fields;
  }
}
