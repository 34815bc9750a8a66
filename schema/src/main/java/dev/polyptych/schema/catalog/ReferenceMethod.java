package dev.polyptych.schema.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.polyptych.schema.error.FieldProblem;
import java.util.Arrays;
import java.util.Locale;

/** How panels with a reference steer the panels that are drawn around them. */
public enum ReferenceMethod {
  /** Masked SDEdit, as in the paper: the reference has each step's noise. Any base can. */
  SDEDIT,

  /** The reference lies on the sheet without noise, at every step. Any base can. */
  CLEAN,

  /** The base was trained to read the reference beside the noise, as FLUX.1 Fill. */
  CONDITION;

  /** Its name in requests, in lower case. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The problem of a base that was not trained for it; {@code path} is its place. */
  public FieldProblem unknownTo(String base, String path) {
    return FieldProblem.invalid(
        path,
        "%s needs a base that was trained to read references, as FLUX.1 Fill, and %s was not; give sdedit or clean"
            .formatted(text(), base));
  }

  /**
   * The method with a name.
   *
   * @throws IllegalArgumentException if there is none; it names all
   */
  @JsonCreator
  public static ReferenceMethod of(String text) {
    return Arrays.stream(values())
        .filter(method -> method.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be sdedit, clean or condition, not '" + text + "'"));
  }
}
