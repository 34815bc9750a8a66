package dev.polyptych.store;

import static dev.polyptych.store.JobScripts.bytes;
import static dev.polyptych.store.JobScripts.text;

import dev.polyptych.schema.error.Limit;
import dev.polyptych.schema.error.LimitHit;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.RenderJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * What open jobs use of the limits. All dispatchers share it. A reservation is made before the
 * job's record is written and released after the job settles. Reservations are in another slot than
 * the records, so the two never change together. So a crash in between leaves a reservation too
 * many, never one too few. {@link #repair} releases it.
 */
public final class Reservations {
  private static final Logger LOG = LoggerFactory.getLogger(Reservations.class);
  private static final String RESERVED = "{reservations}:jobs";
  private static final String SUMS = "{reservations}:sums";
  private static final Script ADMIT = Script.load("admit");
  private static final Script LEAVE = Script.load("leave");

  /** Used if the time until capacity is free is unknown. */
  private static final Duration USUAL_WAIT = Duration.ofSeconds(5);

  /** The record of a younger job may not be written yet. */
  private static final Duration SETTLING = Duration.ofMinutes(1);

  private static final int REPAIR_AT_ONCE = 500;

  private final RedisConnection redis;

  public Reservations(RedisConnection redis) {
    this.redis = redis;
  }

  /**
   * Reserves what the job needs. Returns the first limit that the job would exceed, and then
   * reserves nothing. A job that has a reservation keeps it and needs no second one.
   *
   * @param gpuTime GPU time of the job; zero if unknown
   * @param laneJobs how many open jobs a lane may have
   * @throws StoreUnavailableException when Redis does not answer
   */
  public Optional<LimitHit> reserve(
      RenderJob job, String tenant, Quotas quotas, Duration gpuTime, long laneJobs) {
    List<?> answer =
        (List<?>)
            run(
                ADMIT,
                List.of(RESERVED, SUMS, "{reservations}:rate:" + tenant),
                Stream.of(
                    job.id(),
                    tenant,
                    job.lane().text(),
                    Long.toString(gpuTime.toMillis()),
                    number(quotas.submissionsPerSecond()),
                    Long.toString(quotas.burst()),
                    number(quotas.queuedJobs()),
                    millis(quotas.gpuSeconds()),
                    Long.toString(laneJobs)));
    String name = text(answer.get(0));
    return Arrays.stream(Limit.values())
        .filter(limit -> limit.text().equals(name))
        .findFirst()
        .map(limit -> hit(limit, quotas, laneJobs, answer));
  }

  /**
   * Releases the reservation of a settled job. Never fails: if Redis does not answer, {@link
   * #repair} releases it later.
   */
  public void release(String job) {
    try {
      release(List.of(job));
    } catch (StoreUnavailableException away) {
      LOG.debug("the reservation of job {} is left to the repair: {}", job, away.getMessage());
    }
  }

  /**
   * Looks at some reservations. Releases those of jobs that have settled or were never recorded.
   *
   * @param cursor where to continue; {@code 0} to start
   * @return the next cursor; {@code 0} after the last reservation
   * @throws StoreUnavailableException when Redis does not answer
   */
  public String repair(String cursor, Instant now) {
    ScanParams some = new ScanParams().count(REPAIR_AT_ONCE);
    ScanResult<Map.Entry<String, String>> page =
        redis.call(jedis -> jedis.hscan(RESERVED, cursor, some));
    List<String> jobs = page.getResult().stream().map(Map.Entry::getKey).toList();
    Instant settled = now.minus(SETTLING);
    List<String> leaked = new ArrayList<>();
    states(jobs)
        .forEach(
            (job, state) -> {
              boolean gone = state == null && JobId.time(job).filter(settled::isBefore).isEmpty();
              if (gone || (state != null && JobState.of(state).terminal())) {
                leaked.add(job);
              }
            });
    if (!leaked.isEmpty()) {
      LOG.info("gave back {} of {} reservations looked at", release(leaked), jobs.size());
    }
    return page.getCursor();
  }

  private long release(List<String> jobs) {
    return (Long) run(LEAVE, List.of(RESERVED, SUMS), jobs.stream());
  }

  /** The state of each job; null if there is no record. */
  private Map<String, String> states(List<String> jobs) {
    return redis.call(
        jedis -> {
          Map<String, Response<String>> answers = new LinkedHashMap<>();
          try (AbstractPipeline pipeline = jedis.pipelined()) {
            jobs.forEach(job -> answers.put(job, pipeline.hget(new JobKeys(job).job(), "state")));
          }
          Map<String, String> states = new LinkedHashMap<>();
          answers.forEach((job, answer) -> states.put(job, answer.get()));
          return states;
        });
  }

  private Object run(Script script, List<String> keys, Stream<String> arguments) {
    List<byte[]> names = keys.stream().map(JobScripts::bytes).toList();
    List<byte[]> all = arguments.map(argument -> bytes(argument)).toList();
    return script.run(redis, names, all);
  }

  private static LimitHit hit(Limit limit, Quotas quotas, long laneJobs, List<?> answer) {
    double value =
        switch (limit) {
          case SUBMISSIONS_PER_SECOND -> quotas.submissionsPerSecond().orElseThrow();
          case QUEUED_JOBS -> quotas.queuedJobs().orElseThrow();
          case GPU_SECONDS -> quotas.gpuSeconds().orElseThrow();
          case REFERENCE_BYTES -> quotas.referenceBytes().orElseThrow();
          case LANE_JOBS -> laneJobs;
        };
    if (limit == Limit.QUEUED_JOBS && value < 1) {
      return LimitHit.never(limit, value, 1);
    }
    long wait = Long.parseLong(text(answer.get(2)));
    long seconds = wait == 0 ? USUAL_WAIT.toSeconds() : Math.ceilDiv(wait, 1000L);
    return new LimitHit(limit, value, Double.parseDouble(text(answer.get(1))), seconds);
  }

  private static String number(OptionalDouble limit) {
    return limit.isPresent() ? Double.toString(limit.getAsDouble()) : "";
  }

  private static String number(OptionalLong limit) {
    return limit.isPresent() ? Long.toString(limit.getAsLong()) : "";
  }

  private static String millis(OptionalDouble seconds) {
    return seconds.isPresent() ? Long.toString(Math.round(seconds.getAsDouble() * 1000)) : "";
  }
}
