package dev.polyptych.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.polyptych.schema.catalog.TextReading;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.Deadline;
import dev.polyptych.schema.job.Forecast;
import dev.polyptych.schema.job.ImageFormat;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobEstimate;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The fields of a job's hash. The Lua scripts write the fields that change; see {@code *.lua}. */
final class JobHash {
  private static final ObjectReader TEXTS =
      Json.mapper().readerFor(new TypeReference<Map<String, String>>() {});

  private JobHash() {}

  /** The fields that are known when the job is accepted. */
  static Map<String, String> of(NewJob newJob) {
    RenderJob job = newJob.job();
    JobRequest request = job.request();
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("v", "1");
    fields.put("task", job.task());
    fields.put("base", job.pins().base());
    fields.put("adapter", job.pins().adapterNames());
    fields.put("adapterKey", job.adapter());
    fields.put("tenant", newJob.tenant());
    fields.put("lane", job.lane().text());
    fields.put("format", job.format().text());
    fields.put("panels", Integer.toString(job.layout().panels()));
    fields.put("steps", Integer.toString(job.sampling().steps()));
    fields.put("seed", Long.toString(job.sampling().seed()));
    fields.put("request", json(request));
    fields.put("pins", json(job.pins()));
    fields.put("metadata", json(request.metadata()));
    job.text().ifPresent(text -> fields.put("text", json(text)));
    request.callbackUrl().ifPresent(url -> fields.put("callbackUrl", url));
    request.rerollOf().ifPresent(of -> fields.put("rerollOf", of));
    request.delivery().label().ifPresent(label -> fields.put("label", label));
    job.deadline().flatMap(Deadline::startBy).ifPresent(at -> fields.put("startBy", millis(at)));
    job.deadline().flatMap(Deadline::finishBy).ifPresent(at -> fields.put("finishBy", millis(at)));
    fields.putAll(of(newJob.forecast()));
    newJob.batch().ifPresent(id -> fields.put("batch", id));
    newJob
        .key()
        .ifPresent(
            key -> {
              fields.put("idempotencyKey", key.key());
              fields.put("requestDigest", key.digest());
            });
    return fields;
  }

  static JobStatus status(String id, Map<String, String> hash) {
    return new JobStatus(
        Integer.parseInt(hash.get("v")),
        id,
        new JobStatus.Category(
            hash.get("task"),
            Optional.ofNullable(hash.get("base")),
            hash.get("adapter"),
            hash.get("adapterKey"),
            hash.get("tenant"),
            Lane.of(hash.get("lane"))),
        new JobStatus.AttemptState(
            JobState.of(hash.get("state")),
            Integer.parseInt(hash.get("attempt")),
            time(hash, "nextAttemptAt"),
            lastError(hash),
            Optional.ofNullable(hash.get("worker")),
            Integer.parseInt(hash.get("step"))),
        new JobStatus.Output(
            Integer.parseInt(hash.get("steps")),
            Integer.parseInt(hash.get("panels")),
            ImageFormat.valueOf(hash.get("format").toUpperCase(Locale.ROOT)),
            Long.parseLong(hash.get("seed")),
            Optional.ofNullable(hash.get("text")).map(JobHash::text)),
        times(hash),
        error(hash),
        new JobStatus.Context(
            metadata(hash.get("metadata")),
            Optional.ofNullable(hash.get("batch")),
            Optional.ofNullable(hash.get("rerollOf")),
            Optional.ofNullable(hash.get("label"))),
        estimate(hash),
        place(hash));
  }

  /** From a job's hash or an event's fields; both name them {@code code} and {@code detail}. */
  static Optional<JobError> error(Map<String, String> fields) {
    return Optional.ofNullable(fields.get("code"))
        .filter(code -> !code.isEmpty())
        .map(
            code ->
                new JobError(
                    ErrorCode.read(code, Optional.ofNullable(fields.get("exactCode"))),
                    fields.getOrDefault("detail", "")));
  }

  private static Map<String, String> of(Forecast forecast) {
    Map<String, String> fields = new LinkedHashMap<>();
    forecast.delay().ifPresent(delay -> fields.put("estimatedDelay", millis(delay)));
    forecast.gpuSeconds().ifPresent(seconds -> fields.put("gpuSeconds", Double.toString(seconds)));
    forecast.jobsAhead().ifPresent(jobs -> fields.put("jobsAhead", Long.toString(jobs)));
    return fields;
  }

  private static Optional<JobEstimate> estimate(Map<String, String> hash) {
    Forecast forecast =
        new Forecast(
            Optional.ofNullable(hash.get("estimatedDelay")).map(JobHash::duration),
            Optional.ofNullable(hash.get("gpuSeconds")).map(Double::valueOf),
            Optional.ofNullable(hash.get("jobsAhead")).map(Long::valueOf));
    return JobEstimate.of(forecast, time(hash, "acceptedAt").orElseThrow()).ifKnown();
  }

  /**
   * Absent for a job that is about to be retried. The version before has no topics: its records are
   * on the inbox.
   */
  private static Optional<QueuePlace> place(Map<String, String> hash) {
    return hash.containsKey("offset")
        ? Optional.of(
            new QueuePlace(
                hash.getOrDefault("topic", Topics.inbox(Lane.of(hash.get("lane")))),
                Integer.parseInt(hash.get("partition")),
                Long.parseLong(hash.get("offset"))))
        : Optional.empty();
  }

  private static Optional<JobError> lastError(Map<String, String> hash) {
    return JobState.of(hash.get("state")).terminal()
        ? Optional.empty()
        : Optional.ofNullable(hash.get("lastCode"))
            .map(code -> new JobError(ErrorCode.valueOf(code), hash.get("lastDetail")));
  }

  private static JobStatus.Times times(Map<String, String> hash) {
    return new JobStatus.Times(
        time(hash, "acceptedAt").orElseThrow(),
        time(hash, "queuedAt"),
        time(hash, "startedAt"),
        time(hash, "finishedAt"),
        deadline(hash));
  }

  private static Optional<Deadline> deadline(Map<String, String> hash) {
    Deadline deadline = new Deadline(time(hash, "startBy"), time(hash, "finishBy"));
    return Optional.of(deadline)
        .filter(set -> set.startBy().isPresent() || set.finishBy().isPresent());
  }

  static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }

  static Duration duration(String millis) {
    return Duration.ofMillis(Long.parseLong(millis));
  }

  private static String millis(Instant at) {
    return Long.toString(at.toEpochMilli());
  }

  private static Optional<Instant> time(Map<String, String> hash, String field) {
    return Optional.ofNullable(hash.get(field)).map(Long::parseLong).map(Instant::ofEpochMilli);
  }

  private static String json(Object value) {
    return new String(Json.bytes(value), StandardCharsets.UTF_8);
  }

  private static TextReading text(String json) {
    try {
      return Json.mapper().readValue(json, TextReading.class);
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("a job record's text is not what we wrote", broken);
    }
  }

  static Map<String, String> metadata(String json) {
    try {
      return TEXTS.readValue(json);
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("a job record's metadata is not what we wrote", broken);
    }
  }
}
