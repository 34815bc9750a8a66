package dev.polyptych.store;

import static dev.polyptych.store.JobScripts.bytes;

import dev.polyptych.schema.job.JobEvent;
import java.util.List;
import java.util.Optional;
import redis.clients.jedis.StreamEntryID;

/**
 * Reads what a job has produced: its events, its images and its receipt. Every method throws {@link
 * StoreUnavailableException} when Redis does not answer.
 */
public final class JobResults {
  private final RedisConnection redis;

  public JobResults(RedisConnection redis) {
    this.redis = redis;
  }

  /**
   * The events after the last one that the reader has seen, oldest first.
   *
   * @param afterEventId empty for all that are kept
   */
  public List<JobEvent> events(String id, String afterEventId) {
    String key = new JobKeys(id).events();
    StreamEntryID from =
        afterEventId.isEmpty() ? StreamEntryID.MINIMUM_ID : EventFields.after(afterEventId);
    return redis.call(jedis -> jedis.xrange(key, from, StreamEntryID.MAXIMUM_ID)).stream()
        .map(entry -> EventFields.event(id, entry.getID().toString(), entry.getFields()))
        .toList();
  }

  /** The encoded sheet; absent before the job is done and after its bytes have expired. */
  public Optional<byte[]> sheet(String id) {
    return kept(new JobKeys(id).sheet());
  }

  /**
   * @param panel 1-based
   */
  public Optional<byte[]> panel(String id, int panel) {
    return kept(new JobKeys(id).panel(panel));
  }

  /** Where the images lie in the object store; empty if they are not there. */
  public Optional<ResultLocation> location(String id) {
    return Optional.ofNullable(redis.call(jedis -> jedis.hget(new JobKeys(id).job(), "results")))
        .map(ResultLocation::of);
  }

  /** A {@link dev.polyptych.schema.job.Receipt} as JSON; absent unless the job is done. */
  public Optional<byte[]> receipt(String id) {
    return kept(new JobKeys(id).receipt());
  }

  private Optional<byte[]> kept(String key) {
    return Optional.ofNullable(redis.call(jedis -> jedis.get(bytes(key))));
  }
}
