package dev.polyptych.schema.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.json.FieldReader;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.registry.RegistryReader;
import dev.polyptych.schema.registry.ScaledAdapter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Reads a {@link JobRequest} strictly. Reports every unknown, missing, mistyped or out-of-range
 * field, all in one pass. {@link dev.polyptych.schema.job.JobResolver} checks whether the request
 * fits a task.
 */
public final class JobRequestReader {
  public static final int MAX_PROMPT = 4000;
  public static final int MAX_PANEL_TEXT = 2000;

  /** Largest integer that every JSON reader keeps exact. */
  public static final long MAX_SEED = (1L << 53) - 1;

  /** The minimum: one of a hundred steps runs. */
  private static final double MIN_STRENGTH = 0.01;

  private static final int MAX_LABEL = 100;
  private static final int MAX_METADATA = 16;
  private static final int MAX_METADATA_TEXT = 256;

  /** The panels of the largest layout and the sheet. */
  private static final int MAX_REFERENCES = 65;

  private static final int MAX_KEY = 64;
  private static final List<String> FIELDS =
      List.of(
          "task",
          "prompt",
          "panels",
          "truncate",
          "seed",
          "steps",
          "guidance",
          "adapterScale",
          "layout",
          "adapters",
          "lane",
          "format",
          "deadline",
          "metadata",
          "label",
          "references",
          "strength",
          "reference",
          "rerollOf",
          "previews",
          "callbackUrl");

  private JobRequestReader() {}

  public static Validated<JobRequest> read(byte[] json) {
    try {
      return read(Json.mapper().readTree(json));
    } catch (JsonProcessingException malformed) {
      var at = malformed.getLocation();
      String place =
          at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
      return malformed(malformed.getOriginalMessage() + place);
    } catch (IOException impossible) {
      throw new IllegalStateException("reading from memory failed", impossible);
    }
  }

  public static Validated<JobRequest> read(JsonNode json) {
    if (json == null || !json.isObject()) {
      return malformed("the body must be one JSON object");
    }
    List<FieldProblem> problems = new ArrayList<>();
    FieldReader fields = new FieldReader(json, "", problems);
    fields.refuseUnknown(FIELDS);
    JobRequest request =
        new JobRequest(
            new JobRequest.Scene(
                fields.text("task", 64),
                fields.text("prompt", MAX_PROMPT),
                fields.texts("panels", MAX_PANEL_TEXT),
                fields.flag("truncate")),
            new JobRequest.SamplingChoice(
                optionalLong(fields.integer("seed", 0, MAX_SEED)),
                optionalInt(fields.integer("steps", 1, 100)),
                optionalDouble(fields.number("guidance", 0, 30)),
                optionalDouble(
                    fields.number(
                        "adapterScale", -ScaledAdapter.LARGEST_SCALE, ScaledAdapter.LARGEST_SCALE)),
                fields.object("layout").map(JobRequestReader::layout),
                adapters(fields, problems)),
            new JobRequest.DeliveryTerms(
                fields.constant("lane", Lane.values()),
                fields.constant("format", ImageFormat.values()),
                Deadline.read(fields),
                metadata(fields),
                label(fields)),
            new JobRequest.Basis(
                references(fields),
                optionalDouble(fields.number("strength", MIN_STRENGTH, 1)),
                rerollOf(fields),
                fields.constant("reference", ReferenceMethod.values())),
            new JobRequest.Reporting(fields.flag("previews"), callbackUrl(fields)));
    return Validated.of(request, problems);
  }

  private static Validated<JobRequest> malformed(String detail) {
    return new Validated.Invalid<>(List.of(new FieldProblem(ErrorCode.MALFORMED_JSON, "", detail)));
  }

  private static Layout layout(FieldReader fields) {
    fields.refuseUnknown(List.of("rows", "columns", "panelWidth", "panelHeight"));
    return new Layout(
        fields.requiredInteger("rows", 1, 8),
        fields.requiredInteger("columns", 1, 8),
        fields.requiredInteger("panelWidth", 1, 4096),
        fields.requiredInteger("panelHeight", 1, 4096));
  }

  private static Optional<List<ScaledAdapter>> adapters(
      FieldReader fields, List<FieldProblem> problems) {
    Optional<List<ScaledAdapter>> adapters = RegistryReader.adapters(fields, problems);
    if (adapters.isPresent() && fields.has("adapterScale")) {
      fields.invalid("adapterScale", "contradicts adapters, which have scales of their own");
    }
    return adapters;
  }

  private static Map<String, String> metadata(FieldReader fields) {
    Map<String, String> metadata = new TreeMap<>();
    fields
        .object("metadata")
        .ifPresent(
            inner -> {
              if (inner.fieldNames().size() > MAX_METADATA) {
                fields.invalid("metadata", "has more than " + MAX_METADATA + " entries");
              }
              for (String name : inner.fieldNames()) {
                inner.optionalText(name).ifPresent(text -> metadata.put(name, text));
                if (FieldReader.length(metadata.getOrDefault(name, "")) > MAX_METADATA_TEXT) {
                  inner.invalid(name, "is longer than " + MAX_METADATA_TEXT + " characters");
                }
              }
            });
    return metadata;
  }

  private static Optional<String> label(FieldReader fields) {
    Optional<String> label = fields.optionalText("label");
    if (label.filter(text -> text.isBlank() || FieldReader.length(text) > MAX_LABEL).isPresent()) {
      fields.invalid("label", "must be a text of 1 to " + MAX_LABEL + " characters");
    }
    return label;
  }

  private static List<Reference> references(FieldReader fields) {
    return fields.objects("references", MAX_REFERENCES).stream()
        .map(
            inner -> {
              inner.refuseUnknown(List.of("panel", "key"));
              return new Reference(
                  inner.requiredInteger("panel", Reference.SHEET, MAX_REFERENCES),
                  inner.text("key", MAX_KEY));
            })
        .toList();
  }

  private static Optional<String> rerollOf(FieldReader fields) {
    Optional<String> job = fields.optionalText("rerollOf");
    if (job.isPresent() && !JobId.valid(job.get())) {
      fields.invalid("rerollOf", "must be the id of a job: 1 to 64 letters, digits, '-' or '_'");
    }
    return job;
  }

  private static Optional<String> callbackUrl(FieldReader fields) {
    Optional<String> url = fields.optionalText("callbackUrl");
    url.flatMap(CallbackUrl::problem).ifPresent(wrong -> fields.invalid("callbackUrl", wrong));
    return url;
  }

  private static OptionalLong optionalLong(Optional<Long> value) {
    return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }

  private static OptionalInt optionalInt(Optional<Long> value) {
    return value.map(v -> OptionalInt.of(v.intValue())).orElseGet(OptionalInt::empty);
  }

  private static OptionalDouble optionalDouble(Optional<Double> value) {
    return value.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
  }
}
