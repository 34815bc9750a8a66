package dev.polyptych.dispatcher.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.dispatcher.results.Reroll;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.json.FieldReader;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads what a re-roll may say; nothing at all is fine. */
final class RerollBody {
  private RerollBody() {}

  static Validated<Reroll.Wish> read(byte[] body) {
    if (body.length == 0) {
      return new Validated.Valid<>(new Reroll.Wish(OptionalLong.empty(), Optional.empty()));
    }
    try {
      JsonNode json = Json.mapper().readTree(body);
      return json.isObject() ? wish(json) : malformed("the body must be one JSON object, or none");
    } catch (JsonProcessingException malformed) {
      return malformed(malformed.getOriginalMessage());
    } catch (IOException impossible) {
      throw new IllegalStateException("reading from memory failed", impossible);
    }
  }

  private static Validated<Reroll.Wish> wish(JsonNode json) {
    List<FieldProblem> problems = new ArrayList<>();
    FieldReader fields = new FieldReader(json, "", problems);
    fields.refuseUnknown(List.of("seed", "prompt"));
    OptionalLong seed =
        fields
            .integer("seed", 0, JobRequestReader.MAX_SEED)
            .map(OptionalLong::of)
            .orElseGet(OptionalLong::empty);
    Optional<String> prompt =
        json.hasNonNull("prompt")
            ? Optional.of(fields.text("prompt", JobRequestReader.MAX_PANEL_TEXT))
            : Optional.empty();
    return Validated.of(new Reroll.Wish(seed, prompt), problems);
  }

  private static Validated<Reroll.Wish> malformed(String detail) {
    return new Validated.Invalid<>(List.of(new FieldProblem(ErrorCode.MALFORMED_JSON, "", detail)));
  }
}
