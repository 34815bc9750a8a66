package dev.polyptych.store;

import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import redis.clients.jedis.ScanIteration;

/**
 * All jobs of all tenants as Redis holds them, for audits. Changes nothing. Every method throws
 * {@link StoreUnavailableException} when Redis does not answer.
 */
public final class StoredJobs {
  private static final Script TRAIL = Script.load("trail");
  private static final int SCANNED_AT_ONCE = 1_000;
  private static final String BEFORE_ID = "job:{";
  private static final String AFTER_ID = "}";

  private final RedisConnection redis;
  private final JobScripts scripts;
  private final Optional<ResultObjects> objects;

  /**
   * @param objects images in the object store, if the cluster has one
   */
  public StoredJobs(RedisConnection redis, Optional<ResultObjects> objects) {
    this.redis = redis;
    this.objects = objects;
    this.scripts = new JobScripts(redis);
  }

  /** The ids of all records that exist during the whole call. */
  public Set<String> ids() {
    Set<String> ids = new TreeSet<>();
    redis.call(
        jedis -> {
          ScanIteration records = jedis.scanIteration(SCANNED_AT_ONCE, BEFORE_ID + "*" + AFTER_ID);
          return records.collect(ids);
        });
    Set<String> own = new TreeSet<>();
    ids.stream()
        .map(key -> key.substring(BEFORE_ID.length(), key.length() - AFTER_ID.length()))
        .filter(JobId::valid)
        .forEach(own::add);
    return own;
  }

  /**
   * @throws IllegalStateException when its images lie in an object store that is not known here,
   *     with the remedy
   * @throws dev.polyptych.store.objects.ObjectsUnavailableException when that does not answer
   */
  public StoredJob job(String id) {
    List<String> answer =
        ((List<?>) scripts.run(TRAIL, id, List.of())).stream().map(JobScripts::text).toList();
    Optional<JobState> state = state(answer.get(0));
    return new StoredJob(
        id,
        state,
        number(answer.get(1)),
        time(answer.get(3)),
        time(answer.get(4)),
        state(answer.get(5)),
        answer.subList(8, answer.size()).stream().map(JobState::of).toList(),
        number(answer.get(6)) + inObjects(id, answer.get(7)),
        state.isPresent() ? 1 + number(answer.get(2)) : 0);
  }

  private int inObjects(String id, String location) {
    return location.isEmpty()
        ? 0
        : objects
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "the images of job %s lie in an object store: name it with --set objects=…"
                            .formatted(id)))
            .count(ResultLocation.of(location));
  }

  private static Optional<JobState> state(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(JobState.of(text));
  }

  private static int number(String text) {
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }

  private static Optional<Instant> time(String millis) {
    return millis.isEmpty()
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(Long.parseLong(millis)));
  }
}
