package dev.polyptych.schema.error;

import static dev.polyptych.schema.error.ErrorKind.CALLER;
import static dev.polyptych.schema.error.ErrorKind.CAPACITY;
import static dev.polyptych.schema.error.ErrorKind.INTERNAL;

import java.util.Arrays;
import java.util.Optional;

/**
 * Every failure that leaves a process, as the value of {@code code} in problem documents, job
 * records and dead letters.
 */
public enum ErrorCode {
  /** The body is not JSON at all. */
  MALFORMED_JSON(CALLER, 400, "The body is not valid JSON"),
  /** One or more fields of a job are missing, unknown, of the wrong type or out of range. */
  INVALID_FIELD(CALLER, 422, "A field is not valid"),
  /** The model's main text encoder would not read all of a job's text. */
  TEXT_TOO_LONG(CALLER, 422, "The text is longer than the model reads"),
  UNKNOWN_TASK(CALLER, 422, "The task is not in the catalog"),
  /** A request names an adapter that is not registered, or not for its base. */
  UNKNOWN_ADAPTER(CALLER, 422, "There is no such adapter"),
  /** The file is no adapter, or none of its base, or it changes nothing. */
  INVALID_ADAPTER(CALLER, 422, "The file can't be used as an adapter"),
  BODY_TOO_LARGE(CALLER, 413, "The body is too large"),
  UNSUPPORTED_MEDIA_TYPE(CALLER, 415, "The media type is not supported"),
  UNKNOWN_BASE(CALLER, 404, "There is no such base"),
  UNKNOWN_PATH(CALLER, 404, "There is nothing at this path"),
  METHOD_NOT_ALLOWED(CALLER, 405, "The method is not allowed at this path"),
  /** No API key, or an unknown one. */
  UNAUTHENTICATED(CALLER, 401, "A valid API key is needed"),
  /** The caller's key does not allow it. */
  FORBIDDEN(CALLER, 403, "The API key does not allow this"),
  UNKNOWN_JOB(CALLER, 404, "There is no such job"),
  UNKNOWN_PANEL(CALLER, 404, "The job has no such panel"),
  UNKNOWN_BATCH(CALLER, 404, "There is no such batch"),
  /** The job named no address, or has not settled yet. */
  UNKNOWN_CALLBACK(CALLER, 404, "The job has no callback"),
  /** The job is done, but its worker left none. */
  UNKNOWN_RECEIPT(CALLER, 404, "The job has no receipt"),
  /** The job is not done, so it has no images, now or ever. */
  NOT_RENDERED(CALLER, 409, "The job has no images"),
  /** The images have expired. The job's record outlives them. */
  RESULT_EXPIRED(CALLER, 410, "The images have expired"),
  /** The job's record has expired. A tombstone holds its outcome. */
  RECORD_EXPIRED(CALLER, 410, "The job's record has expired"),
  /** No upload returned this key, or its picture has expired. */
  UNKNOWN_REFERENCE(CALLER, 422, "There is no such reference"),
  /** The picture existed when the job was accepted, but expired before rendering. */
  REFERENCE_EXPIRED(CALLER, 410, "A reference has expired"),
  INVALID_PICTURE(CALLER, 422, "The picture can't be used as a reference"),
  /** The job settled before the request came. */
  ALREADY_SETTLED(CALLER, 409, "The job is settled already"),
  /** The key belongs to a request with another body. */
  IDEMPOTENCY_KEY_REUSED(CALLER, 409, "The idempotency key belongs to another request"),
  /** The cluster has no object store, so it keeps no registry. */
  NO_REGISTRY(CALLER, 501, "There is no registry"),
  /** A record on a lane that is not a render record; see its dead letter. */
  MALFORMED_RECORD(CALLER, 422, "The record is not a render record"),
  UNSUPPORTED_VERSION(CALLER, 422, "The message version is not supported"),
  DEADLINE_PASSED(CALLER, 422, "The deadline passed or can't be met"),
  /** No wait helps. */
  EXCEEDS_QUOTA(CALLER, 413, "The request needs more than the tenant's whole quota"),
  RATE_EXCEEDED(CAPACITY, 429, "The tenant submits faster than it may"),
  QUEUED_JOBS_EXCEEDED(CAPACITY, 429, "The tenant has as many jobs as it may have"),
  GPU_SECONDS_EXCEEDED(CAPACITY, 429, "The tenant's jobs need as much GPU time as they may"),
  REFERENCE_BYTES_EXCEEDED(CAPACITY, 429, "The tenant's pictures take as many bytes as they may"),
  LANE_FULL(CAPACITY, 429, "The lane has as many jobs as it may have"),
  BROKER_UNAVAILABLE(CAPACITY, 503, "The message broker does not answer"),
  STORE_UNAVAILABLE(CAPACITY, 503, "The job store does not answer"),
  OBJECTS_UNAVAILABLE(CAPACITY, 503, "The object store does not answer"),
  /** The source of an adapter does not answer now. */
  SOURCE_UNAVAILABLE(CAPACITY, 502, "The source does not answer"),
  OVERLOADED(CAPACITY, 503, "The service is at its limit"),
  ADAPTER_UNAVAILABLE(INTERNAL, 500, "The adapter can't be loaded"),
  OUT_OF_MEMORY(INTERNAL, 500, "The device ran out of memory"),
  RENDER_FAILED(INTERNAL, 500, "Rendering failed"),
  ATTEMPTS_EXHAUSTED(INTERNAL, 500, "The job failed at every attempt"),
  /** Two workers ended while they rendered the job. A third one does not get it. */
  POISON(INTERNAL, 500, "The job ended two workers"),
  /** Redis or Kafka lost the job's state or record, and its attempts are used up. */
  LOST_BY_STORE(INTERNAL, 500, "The job was lost by a store"),
  INTERNAL_ERROR(INTERNAL, 500, "Internal error");

  private final ErrorKind kind;
  private final int status;
  private final String title;

  ErrorCode(ErrorKind kind, int status, String title) {
    this.kind = kind;
    this.status = status;
    this.title = title;
  }

  public ErrorKind kind() {
    return kind;
  }

  /** The HTTP status of a problem document with this code. */
  public int status() {
    return status;
  }

  /** One short sentence, the same for every occurrence (RFC 9457 {@code title}). */
  public String title() {
    return title;
  }

  /**
   * The code that Redis and Kafka hold for readers one version back. They do not know a code that
   * is new in this version. Beside it stands the {@code exactCode}.
   */
  public ErrorCode knownBefore() {
    return switch (this) {
      case POISON, LOST_BY_STORE -> ATTEMPTS_EXHAUSTED;
      case UNKNOWN_ADAPTER -> ADAPTER_UNAVAILABLE;
      default -> this;
    };
  }

  /** The name of a code that is new in this version; empty for any other. */
  public Optional<String> exactCode() {
    return Optional.of(name()).filter(name -> this != knownBefore());
  }

  /**
   * Reads both. A code that only a newer version knows is ignored.
   *
   * @param code a known one
   * @param exactCode absent, or a code in place of it
   */
  public static ErrorCode read(String code, Optional<String> exactCode) {
    return exactCode
        .flatMap(exact -> Arrays.stream(values()).filter(it -> it.name().equals(exact)).findFirst())
        .orElseGet(() -> valueOf(code));
  }

  /** The RFC 9457 {@code type}: a stable identifier of this kind of problem. */
  public String type() {
    return "urn:polyptych:problem:" + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
