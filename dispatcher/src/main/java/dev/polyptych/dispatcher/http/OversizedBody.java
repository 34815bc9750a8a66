package dev.polyptych.dispatcher.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.job.JobRequestReader;
import java.io.IOException;

/** Names the field that made a body too large, from the beginning of the body alone. */
final class OversizedBody {
  private static final JsonFactory FACTORY = new JsonFactory();

  private OversizedBody() {}

  /**
   * @param beginning the bytes up to the limit
   */
  static FieldProblem problem(byte[] beginning) {
    String field = fieldAtEnd(beginning);
    String remedy =
        switch (field.replaceAll("\\[\\d+]", "[]")) {
          case "" -> "a body may have %d bytes; shorten it";
          case "prompt" -> beyond(JobRequestReader.MAX_PROMPT);
          case "panels[]" -> beyond(JobRequestReader.MAX_PANEL_TEXT);
          default -> "a body may have %d bytes and this field goes beyond; shorten it";
        };
    return new FieldProblem(ErrorCode.BODY_TOO_LARGE, field, remedy.formatted(beginning.length));
  }

  private static String beyond(int characters) {
    return "a body may have %%d bytes and this field goes beyond; at most %d characters fit in it"
        .formatted(characters);
  }

  /**
   * Path of the field in which the bytes break off; empty if they are in no field or are not JSON.
   */
  private static String fieldAtEnd(byte[] beginning) {
    try (JsonParser parser = FACTORY.createParser(beginning)) {
      try {
        while (parser.nextToken() != null) {
          // Read on to the place where the bytes break off.
        }
        return "";
      } catch (IOException brokenOff) {
        return path(parser.getParsingContext());
      }
    } catch (IOException impossible) {
      throw new IllegalStateException("closing a parser on memory failed", impossible);
    }
  }

  private static String path(JsonStreamContext context) {
    if (context == null || context.inRoot()) {
      return "";
    }
    String outer = path(context.getParent());
    if (context.inArray()) {
      return outer + "[" + context.getCurrentIndex() + "]";
    }
    String name = context.getCurrentName();
    return name == null ? outer : outer.isEmpty() ? name : outer + "." + name;
  }
}
