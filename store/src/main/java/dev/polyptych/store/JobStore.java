package dev.polyptych.store;

import static dev.polyptych.store.JobScripts.bytes;
import static dev.polyptych.store.JobScripts.text;

import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RecordVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * Every state change of a job. Times in the record are Redis's own clock, so that no two processes
 * can disagree about them.
 *
 * <p>Every method throws {@link StoreUnavailableException} when Redis does not answer. Then it is
 * unknown whether the change was made; asking again is safe.
 */
public final class JobStore {
  /** Claims that count; a job handed back in good order is not counted. */
  public static final int MAX_ATTEMPTS = 3;

  /** After that time without an attempt a job is drawn from the start. */
  private static final Duration CHECKPOINT_TIME_TO_LIVE = Duration.ofHours(1);

  private static final Script ACCEPT = Script.load("accept");
  private static final Script ADOPT = Script.load("adopt");
  private static final Script QUEUE = Script.load("queue");
  private static final Script MOVED = Script.load("moved");
  private static final Script CLAIM = Script.load("claim");
  private static final Script PROGRESS = Script.load("progress");
  private static final Script CHECKPOINT = Script.load("checkpoint");
  private static final Script RELEASE = Script.load("release");
  private static final Script FINISH = Script.load("finish");
  private static final Script SETTLE = Script.load("settle");

  private final RedisConnection redis;
  private final JobScripts scripts;
  private final Retention retention;
  private final JobIndex index;
  private final JobIndex callbacks;
  private final Reservations reservations;

  public JobStore(RedisConnection redis, Retention retention) {
    this.redis = redis;
    this.scripts = new JobScripts(redis);
    this.retention = retention;
    this.index = JobIndex.ofAll(redis, retention);
    this.callbacks = JobIndex.ofCallbacks(redis, retention);
    this.reservations = new Reservations(redis);
  }

  /**
   * Writes the record in state {@code accepted}. {@link Verdict#STALE} when the id is taken. The
   * job is listed among the open jobs before that, so that no crash loses it.
   */
  public Verdict accept(NewJob job) {
    return verdict(write(ACCEPT, job));
  }

  /**
   * Writes the record of a job that its producer put on a lane itself, in state {@code queued}.
   * {@link Verdict#STALE} when the id is taken, or was until its record expired.
   */
  public Verdict adopt(NewJob job) {
    return verdict(write(ADOPT, job));
  }

  /**
   * {@code accepted → queued}: the broker has acknowledged. A worker may have been faster. Notes
   * where the record stands and returns the status after that; empty when the job is unknown.
   */
  public Optional<JobStatus> queued(String id, QueuePlace place) {
    String partition = Integer.toString(place.partition());
    String offset = Long.toString(place.offset());
    return read(id, scripts.runAndRead(QUEUE, id, partition, offset));
  }

  /**
   * Notes that the job was handed over: its record stands elsewhere, and the one before counts no
   * more. Only after the broker has acknowledged the new one, or the job could be lost.
   */
  public Verdict moved(String id, RecordVersion edition, QueuePlace place) {
    return verdict(
        MOVED,
        id,
        Integer.toString(edition.number()),
        Integer.toString(place.partition()),
        Long.toString(place.offset()));
  }

  /**
   * Makes the job this worker's, whoever held it before. A job settles instead if its deadline has
   * passed, if it can't be finished in time, or if its attempts are used up. Once a version of the
   * job's record has claimed it, or the job has moved to that version, an earlier one is {@link
   * Claim.Outdated}.
   */
  public Claim claim(String id, Claimant by) {
    List<?> answer =
        (List<?>)
            scripts.run(
                CLAIM,
                id,
                List.of(new JobKeys(id).checkpoint()),
                by.worker(),
                Integer.toString(MAX_ATTEMPTS),
                recordSeconds(),
                Long.toString(by.needed().toMillis()),
                by.tenant().orElse(""),
                Integer.toString(by.edition().map(RecordVersion::number).orElse(0)));
    String value = text(answer.get(1));
    return switch (text(answer.get(0))) {
      case "granted" ->
          new Claim.Granted(Integer.parseInt(value), filled(answer.get(2)), told(answer));
      case "settled" -> {
        reservations.release(id);
        yield new Claim.Settled(JobState.of(value));
      }
      case "outdated" -> new Claim.Outdated();
      default -> new Claim.Unknown();
    };
  }

  /**
   * Notes the completed steps. Stale, too, when the job was to be finished by now: it has expired.
   *
   * @param announce whether an event is published; the record is kept in any case
   */
  public Verdict progress(String id, int attempt, int step, boolean announce) {
    return progress(id, attempt, step, announce ? "1" : "0", "");
  }

  /**
   * Notes the completed steps and announces them.
   *
   * @param preview a JPEG in base 64 that the announcement carries; empty for none
   */
  public Verdict progress(String id, int attempt, int step, String preview) {
    return progress(id, attempt, step, "1", preview);
  }

  private Verdict progress(String id, int attempt, int step, String announce, String preview) {
    String number = Integer.toString(attempt);
    String completed = Integer.toString(step);
    return verdict(PROGRESS, id, number, completed, announce, recordSeconds(), preview);
  }

  /** Keeps how far an attempt has come, until the job settles; the furthest is kept. */
  public Verdict checkpoint(String id, int attempt, Checkpoint checkpoint) {
    List<byte[]> arguments =
        List.of(
            bytes(Integer.toString(attempt)),
            bytes(Integer.toString(checkpoint.step())),
            checkpoint.state(),
            bytes(Long.toString(CHECKPOINT_TIME_TO_LIVE.toSeconds())));
    return verdict(
        scripts.runAlone(CHECKPOINT, id, List.of(new JobKeys(id).checkpoint()), arguments));
  }

  /**
   * {@code rendering → queued}.
   *
   * @param counted whether the attempt is used up (it failed) or handed back in good order
   */
  public Verdict release(String id, int attempt, boolean counted) {
    return verdict(RELEASE, id, Integer.toString(attempt), counted ? "1" : "0", "0", "", "");
  }

  /**
   * {@code rendering → queued}: the attempt failed, and another is due after a while. The producer
   * of the next record sets the time there; here readers see it.
   */
  public Verdict retry(String id, int attempt, Duration after, JobError error) {
    String number = Integer.toString(attempt);
    String millis = JobHash.millis(after);
    return verdict(RELEASE, id, number, "1", millis, error.code().name(), error.detail());
  }

  /**
   * {@code rendering → done}, with all images and the receipt, at once or not at all; expires a job
   * that was to be finished before, so that what is done was done in time.
   */
  public Verdict finish(String id, int attempt, RenderedSet images) {
    JobKeys keys = new JobKeys(id);
    List<String> imageKeys = new ArrayList<>(List.of(keys.sheet()));
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(bytes(Integer.toString(attempt)));
    arguments.add(bytes(Long.toString(retention.results().toSeconds())));
    arguments.add(bytes(recordSeconds()));
    arguments.add(images.receipt().orElseGet(() -> new byte[0]));
    arguments.add(images.sheet());
    for (int panel = 1; panel <= images.panels().size(); panel++) {
      imageKeys.add(keys.panel(panel));
      arguments.add(images.panels().get(panel - 1));
    }
    return settled(id, verdict(scripts.runAlone(FINISH, id, imageKeys, arguments)));
  }

  /** Ends the job of an attempt that holds without images. */
  public Verdict fail(String id, int attempt, JobError error) {
    return settle(id, Integer.toString(attempt), JobState.FAILED, error);
  }

  /** Ends a job that the broker never took. {@link Verdict#STALE} once it was queued or claimed. */
  public Verdict abandon(String id, JobError error) {
    return settle(id, "accepted", JobState.FAILED, error);
  }

  /**
   * Cancels a tenant's job in any open state; a worker that renders it notices at its next step.
   * Another tenant's job is {@link Verdict#UNKNOWN}.
   */
  public Verdict cancel(String id, String tenant) {
    String state = JobState.CANCELLED.text();
    return settled(id, verdict(SETTLE, id, "open", state, "", "", recordSeconds(), tenant));
  }

  public Optional<JobStatus> status(String id) {
    return read(id, redis.together(pipeline -> pipeline.hgetAll(new JobKeys(id).job())));
  }

  /** As {@link #status(String)}, for a tenant; another one's job is unknown to it. */
  public Optional<JobStatus> status(String id, String tenant) {
    return status(id).filter(status -> status.tenant().equals(tenant));
  }

  /**
   * Writes the record of a new job. The job is listed before that, on the same connection, so that
   * no crash leaves a record that is in no list.
   *
   * @param script takes the job's steps, then the fields of its record
   */
  private Object write(Script script, NewJob job) {
    Map<String, String> record = JobHash.of(job);
    record.put("tombstoneSeconds", Long.toString(retention.tombstones().toSeconds()));
    List<String> arguments = new ArrayList<>(List.of(record.get("steps")));
    record.forEach(
        (name, value) -> {
          arguments.add(name);
          arguments.add(value);
        });
    boolean callback = job.job().request().callbackUrl().isPresent();
    Object answer =
        scripts.runAfter(
            pipeline -> listed(pipeline, job, callback),
            script,
            job.job().id(),
            arguments.toArray(String[]::new));
    // The id tells the time by the clock of the process that made it.
    Instant now = JobId.time(job.job().id()).orElse(Instant.EPOCH);
    index.trimSometimes(job.tenant(), now);
    if (callback) {
      callbacks.trimSometimes(job.tenant(), now);
    }
    return answer;
  }

  private List<Response<?>> listed(AbstractPipeline pipeline, NewJob job, boolean callback) {
    String id = job.job().id();
    List<Response<?>> answers = index.add(pipeline, job.tenant(), id, job.batch());
    if (callback) {
      answers.addAll(callbacks.add(pipeline, job.tenant(), id, Optional.empty()));
    }
    answers.add(OpenJobs.list(pipeline, id));
    return answers;
  }

  private static Optional<JobStatus> read(String id, Map<String, String> hash) {
    return hash.isEmpty() ? Optional.empty() : Optional.of(JobHash.status(id, hash));
  }

  private Verdict settle(String id, String guard, JobState state, JobError error) {
    String code = error.code().name();
    String detail = error.detail();
    return settled(id, verdict(SETTLE, id, guard, state.text(), code, detail, recordSeconds(), ""));
  }

  /** Where the script settled the job, what it had reserved is given back. */
  private Verdict settled(String id, Verdict verdict) {
    if (verdict == Verdict.DONE) {
      reservations.release(id);
    }
    return verdict;
  }

  private String recordSeconds() {
    return Long.toString(retention.records().toSeconds());
  }

  private Verdict verdict(Script script, String id, String... arguments) {
    return verdict(scripts.run(script, id, List.of(), arguments));
  }

  private static Verdict verdict(Object answer) {
    return Verdict.valueOf(text(answer));
  }

  private static Claim.Told told(List<?> granted) {
    return new Claim.Told(
        Optional.of(text(granted.get(3))).filter(late -> !late.isEmpty()).map(JobHash::duration),
        Optional.of(text(granted.get(4))).filter(told -> !told.isEmpty()).map(Double::valueOf));
  }

  private static Optional<byte[]> filled(Object bytes) {
    return Optional.of((byte[]) bytes).filter(found -> found.length > 0);
  }
}
