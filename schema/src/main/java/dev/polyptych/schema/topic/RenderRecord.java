package dev.polyptych.schema.topic;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.Pins;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.job.TenantId;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The value of a record on a lane. Its key is the adapter id.
 *
 * @param tenant owner of the job; {@link TenantId#DEFAULT} if the record names none
 * @param request has its final seed
 * @param accepted how a dispatcher accepted it; absent in a record of a backend
 * @param pins what the request means; absent in a record of a backend
 */
public record RenderRecord(
    @JsonProperty("v") int version,
    String id,
    String tenant,
    JobRequest request,
    Optional<Accepted> accepted,
    Optional<Pins> pins) {
  public static final int VERSION = 1;

  /** A record of a backend. */
  public RenderRecord(String id, String tenant, JobRequest request) {
    this(VERSION, id, tenant, request, Optional.empty(), Optional.empty());
  }

  /** A record of a dispatcher. */
  public RenderRecord(String tenant, RenderJob job, Accepted accepted) {
    this(VERSION, job.id(), tenant, job.request(), Optional.of(accepted), Optional.of(job.pins()));
  }

  /** The job; empty in a record of a backend, which a dispatcher resolves. */
  public Optional<RenderJob> job() {
    return pins.map(resolved -> new RenderJob(id, request, resolved));
  }

  /**
   * The job. A record of a backend, and of a dispatcher of the version before, is resolved now.
   *
   * @param resolver of the base that the job is for
   */
  public Validated<RenderJob> resolved(JobResolver resolver) {
    return job()
        .<Validated<RenderJob>>map(Validated.Valid::new)
        .orElseGet(() -> resolver.resolveAccepted(id, request));
  }

  public byte[] bytes() {
    return Json.bytes(this);
  }

  /** The job that a record names, and its owner. */
  public record Identity(String id, String tenant) {}

  /** The job that a record names, though the rest can't be read; empty if it names none. */
  public static Optional<Identity> identity(byte[] value) {
    try {
      JsonNode json = Json.mapper().readTree(value == null ? new byte[0] : value);
      String id = json.path("id").textValue();
      String tenant = json.path("tenant").asText(TenantId.DEFAULT);
      return JobId.valid(id) && TenantId.valid(tenant)
          ? Optional.of(new Identity(id, tenant))
          : Optional.empty();
    } catch (IOException noJson) {
      return Optional.empty();
    }
  }

  /**
   * Reads a record from any producer. Ignores unknown fields beside the request, because the
   * producer may be newer. Checks everything else.
   */
  public static Validated<RenderRecord> read(byte[] value) {
    JsonNode json;
    try {
      json = Json.mapper().readTree(value == null ? new byte[0] : value);
    } catch (JsonProcessingException malformed) {
      return invalid(ErrorCode.MALFORMED_RECORD, "", malformed.getOriginalMessage());
    } catch (IOException impossible) {
      throw new IllegalStateException("reading from memory failed", impossible);
    }
    if (!json.isObject()) {
      return invalid(ErrorCode.MALFORMED_RECORD, "", "the value must be one JSON object");
    }
    if (json.path("v").asInt() != VERSION) {
      return invalid(ErrorCode.UNSUPPORTED_VERSION, "v", "must be " + VERSION);
    }
    if (!JobId.valid(json.path("id").textValue())) {
      return invalid(
          ErrorCode.MALFORMED_RECORD, "id", "must be 1 to 64 letters, digits, '-' or '_'");
    }
    String tenant = json.path("tenant").asText(TenantId.DEFAULT);
    if (!TenantId.valid(tenant)) {
      return invalid(ErrorCode.MALFORMED_RECORD, "tenant", TenantId.RULE);
    }
    return JobRequestReader.read(json.path("request")).then(request -> complete(json, request));
  }

  private static Validated<RenderRecord> complete(JsonNode json, JobRequest request) {
    if (request.seed().isEmpty()) {
      return invalid(
          ErrorCode.INVALID_FIELD,
          "request.seed",
          "is missing; a record settles it, so that every attempt draws the same picture");
    }
    JsonNode pins = json.path("pins");
    try {
      return new Validated.Valid<>(
          new RenderRecord(
              VERSION,
              json.path("id").textValue(),
              json.path("tenant").asText(TenantId.DEFAULT),
              request,
              accepted(json.path("accepted")),
              pins.isObject()
                  ? Optional.of(Json.mapper().treeToValue(pins, Pins.class))
                  : Optional.empty()));
    } catch (JsonProcessingException foreign) {
      // Without them the job would be another one.
      return invalid(ErrorCode.MALFORMED_RECORD, "pins", foreign.getOriginalMessage());
    }
  }

  /** What can't be read counts as unknown: the job can be drawn without it. */
  private static Optional<Accepted> accepted(JsonNode json) {
    try {
      return json.isObject()
          ? Optional.of(Json.mapper().treeToValue(json, Accepted.class))
          : Optional.empty();
    } catch (JsonProcessingException foreign) {
      return Optional.empty();
    }
  }

  private static Validated<RenderRecord> invalid(ErrorCode code, String field, String detail) {
    return new Validated.Invalid<>(List.of(new FieldProblem(code, field, detail)));
  }
}
