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
 * Makes every state change of a job. Times in the record come from the clock of Redis, so processes
 * never disagree about them.
 *
 * <p>Every method throws {@link StoreUnavailableException} when Redis does not answer. Then it is
 * unknown whether the change was made. A retry is safe.
 */
public final class JobStore {
  /**
   * Attempts before the job fails. An attempt that the worker hands back in good order does not
   * count.
   */
  public static final int MAX_ATTEMPTS = 3;

  /** A job without an attempt for this time restarts from its first step. */
  private static final Duration CHECKPOINT_TIME_TO_LIVE = Duration.ofHours(1);

  private static final Script ACCEPT = Script.load("accept");
  private static final Script ADOPT = Script.load("adopt");
  private static final Script QUEUE = Script.load("queue");
  private static final Script MOVED = Script.load("moved");
  private static final Script FORWARD = Script.load("forward");
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
   * Writes the record in state {@code accepted}. {@link Verdict#STALE} if the id is taken. The job
   * is listed among the open jobs first, so a crash never loses it.
   */
  public Verdict accept(NewJob job) {
    return verdict(write(ACCEPT, job));
  }

  /**
   * Writes the record, in state {@code queued}, of a job that is on a lane and not in Redis: a
   * backend produced it, or Redis has lost it. {@link Verdict#STALE} if the id is taken, or if its
   * record has expired and its tombstone remains.
   */
  public Verdict adopt(NewJob job) {
    return verdict(write(ADOPT, job));
  }

  /**
   * {@code accepted → queued}: the broker has acknowledged the job. A worker may have claimed the
   * job before. Stores the position of the Kafka record and returns the new status; empty if the
   * job is unknown.
   */
  public Optional<JobStatus> queued(String id, QueuePlace place) {
    return read(
        id,
        scripts.runAndRead(
            QUEUE,
            id,
            place.topic(),
            Integer.toString(place.partition()),
            Long.toString(place.offset())));
  }

  /**
   * Stores the position of a new Kafka record of the job. The earlier records become void. Call it
   * only after the broker has acknowledged the new record, or the job could be lost.
   */
  public Verdict moved(String id, RecordVersion edition, QueuePlace place) {
    return verdict(
        MOVED,
        id,
        Integer.toString(edition.number()),
        place.topic(),
        Integer.toString(place.partition()),
        Long.toString(place.offset()));
  }

  /**
   * Reserves the version of the record that takes the place of one on an inbox: all earlier records
   * of the job become void. Empty if the job needs no record: it has ended, a later record of it
   * counts, or a worker draws it.
   *
   * @param record version of the record on the inbox
   * @param from place of that record
   */
  public Optional<RecordVersion> forward(String id, RecordVersion record, QueuePlace from) {
    String origin = "%s %d %d".formatted(from.topic(), from.partition(), from.offset());
    List<?> answer =
        (List<?>) scripts.run(FORWARD, id, List.of(), Integer.toString(record.number()), origin);
    return answer.size() > 1
        ? Optional.of(RecordVersion.of(Integer.parseInt(text(answer.get(1)))))
        : Optional.empty();
  }

  /**
   * Gives the job to this worker, even if another worker holds it. The job settles instead if its
   * deadline has passed, if it can't finish in time, if its attempts are used up, or if two workers
   * ended while they rendered it ({@link Claim.Suspect}). After a claim with one version of the
   * job's record, or a move to that version, a claim with an earlier version is {@link
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
                Integer.toString(by.edition().map(RecordVersion::number).orElse(0)),
                by.process(),
                by.looked().map(look -> Integer.toString(look.attempt())).orElse(""),
                by.looked().map(look -> look.lives() ? "1" : "0").orElse(""),
                by.place().map(QueuePlace::topic).orElse(""),
                by.place().map(place -> Integer.toString(place.partition())).orElse(""),
                by.place().map(place -> Long.toString(place.offset())).orElse(""));
    String value = text(answer.get(1));
    return switch (text(answer.get(0))) {
      case "granted" ->
          new Claim.Granted(Integer.parseInt(value), filled(answer.get(2)), told(answer));
      case "settled" -> {
        reservations.release(id);
        yield new Claim.Settled(JobState.of(value));
      }
      case "outdated" -> new Claim.Outdated();
      case "suspect" ->
          new Claim.Suspect(Integer.parseInt(value), text(answer.get(2)), text(answer.get(3)));
      default -> new Claim.Unknown();
    };
  }

  /**
   * Stores the number of completed steps. If {@code finishBy} has passed, it expires the job and
   * returns {@link Verdict#STALE}.
   *
   * @param announce whether to publish an event; the record is updated in any case
   */
  public Verdict progress(String id, int attempt, int step, boolean announce) {
    return progress(id, attempt, step, announce ? "1" : "0", "");
  }

  /**
   * Stores the number of completed steps and publishes an event.
   *
   * @param preview a JPEG in base 64 for the event; empty for none
   */
  public Verdict progress(String id, int attempt, int step, String preview) {
    return progress(id, attempt, step, "1", preview);
  }

  private Verdict progress(String id, int attempt, int step, String announce, String preview) {
    String number = Integer.toString(attempt);
    String completed = Integer.toString(step);
    return verdict(PROGRESS, id, number, completed, announce, recordSeconds(), preview);
  }

  /**
   * Stores the checkpoint of an attempt until the job settles. A later checkpoint replaces an
   * earlier one, never the reverse.
   */
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
   * @param counted true if the attempt failed and counts; false if the worker hands the job back in
   *     good order
   */
  public Verdict release(String id, int attempt, boolean counted) {
    return verdict(RELEASE, id, Integer.toString(attempt), counted ? "1" : "0", "0", "", "");
  }

  /**
   * {@code rendering → queued}: the attempt failed, and another one follows after {@code after}.
   * The header of the next Kafka record delays that attempt. The time stored here only informs
   * readers.
   */
  public Verdict retry(String id, int attempt, Duration after, JobError error) {
    String number = Integer.toString(attempt);
    String millis = JobHash.millis(after);
    return verdict(RELEASE, id, number, "1", millis, error.code().name(), error.detail());
  }

  /**
   * {@code rendering → done}. Stores all images and the receipt in the same atomic step. If {@code
   * finishBy} has passed, the job expires instead, so every done job met its deadline.
   */
  public Verdict finish(String id, int attempt, RenderedSet images) {
    JobKeys keys = new JobKeys(id);
    List<String> imageKeys = new ArrayList<>(List.of(keys.sheet()));
    List<byte[]> bytes = new ArrayList<>(List.of(images.sheet()));
    for (int panel = 1; panel <= images.panels().size(); panel++) {
      imageKeys.add(keys.panel(panel));
      bytes.add(images.panels().get(panel - 1));
    }
    return finish(id, attempt, images.receipt(), "", imageKeys, bytes);
  }

  /** Like {@link #finish(String, int, RenderedSet)}, with images in the object store. */
  public Verdict finish(String id, int attempt, ResultLocation images, Optional<byte[]> receipt) {
    return finish(id, attempt, receipt, images.text(), List.of(), List.of());
  }

  private Verdict finish(
      String id,
      int attempt,
      Optional<byte[]> receipt,
      String location,
      List<String> imageKeys,
      List<byte[]> images) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(bytes(Integer.toString(attempt)));
    arguments.add(bytes(Long.toString(retention.results().toSeconds())));
    arguments.add(bytes(recordSeconds()));
    arguments.add(receipt.orElseGet(() -> new byte[0]));
    arguments.add(bytes(location));
    arguments.addAll(images);
    return settled(id, verdict(scripts.runAlone(FINISH, id, imageKeys, arguments)));
  }

  /** Fails the job. Only the attempt that holds the job may do so. */
  public Verdict fail(String id, int attempt, JobError error) {
    return settle(id, Integer.toString(attempt), JobState.FAILED, error);
  }

  /**
   * Fails a job that the broker did not accept. {@link Verdict#STALE} if it was queued or claimed.
   */
  public Verdict abandon(String id, JobError error) {
    return settle(id, "accepted", JobState.FAILED, error);
  }

  /**
   * Fails an open job whose record goes to the dead topic. {@link Verdict#STALE} if the job has
   * ended, or if a later record of it counts.
   *
   * @param tenant owner of the job as the record says; another tenant's job is {@link
   *     Verdict#UNKNOWN}
   * @param record which of the job's records it is
   */
  public Verdict reject(String id, String tenant, RecordVersion record, JobError error) {
    String code = error.code().name();
    String version = Integer.toString(record.number());
    String state = JobState.FAILED.text();
    return settled(
        id,
        verdict(SETTLE, id, "open", state, code, error.detail(), recordSeconds(), tenant, version));
  }

  /**
   * Cancels a tenant's job in any open state. A worker that renders the job notices it at its next
   * step. Another tenant's job is {@link Verdict#UNKNOWN}.
   */
  public Verdict cancel(String id, String tenant) {
    String state = JobState.CANCELLED.text();
    return settled(id, verdict(SETTLE, id, "open", state, "", "", recordSeconds(), tenant));
  }

  public Optional<JobStatus> status(String id) {
    return read(id, redis.together(pipeline -> pipeline.hgetAll(new JobKeys(id).job())));
  }

  /** Like {@link #status(String)}, but empty if the job belongs to another tenant. */
  public Optional<JobStatus> status(String id, String tenant) {
    return status(id).filter(status -> status.tenant().equals(tenant));
  }

  /**
   * Writes the record of a new job. The job is listed first, on the same connection, so a crash
   * never leaves a record that is in no list.
   *
   * @param script its arguments are the job's steps, then the fields of its record
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
    // The id holds its creation time, from the clock of the process that created it.
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

  /** Releases the reservation if the script settled the job. */
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
