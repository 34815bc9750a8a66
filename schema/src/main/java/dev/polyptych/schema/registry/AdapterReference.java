package dev.polyptych.schema.registry;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a task or a job names an adapter: {@code name} (its newest version), {@code name@3}, or
 * {@code sha256:<64 hexadecimal digits>}.
 *
 * @param name empty for a digest
 * @param number of the version; empty for the newest
 * @param sha256 of the adapter's bytes; empty for a name
 */
public record AdapterReference(Optional<String> name, OptionalInt number, Optional<String> sha256) {
  private static final String DIGEST = "sha256:";
  private static final Pattern VERSIONED = Pattern.compile("([^@]*)@([1-9][0-9]{0,8})");
  private static final int LONGEST_QUOTE = 80;

  /**
   * @throws IllegalArgumentException unless it is exactly one of the three forms
   */
  public AdapterReference {
    name.ifPresent(text -> RegistryName.checked("name", text));
    number.ifPresent(RegistryName::checkedNumber);
    sha256.ifPresent(text -> RegistryName.checkedSha256("sha256", text));
    if (name.isPresent() == sha256.isPresent() || (number.isPresent() && name.isEmpty())) {
      throw new IllegalArgumentException("an adapter is named by name or by digest");
    }
  }

  /** The newest version of a name. */
  public static AdapterReference newest(String name) {
    return new AdapterReference(Optional.of(name), OptionalInt.empty(), Optional.empty());
  }

  public static AdapterReference version(String name, int number) {
    return new AdapterReference(Optional.of(name), OptionalInt.of(number), Optional.empty());
  }

  public static AdapterReference content(String sha256) {
    return new AdapterReference(Optional.empty(), OptionalInt.empty(), Optional.of(sha256));
  }

  /**
   * Reads a reference strictly.
   *
   * @param field the place of the text in its document, for the problem
   */
  public static Validated<AdapterReference> parse(String field, String text) {
    if (text.startsWith(DIGEST)) {
      String sha256 = text.substring(DIGEST.length());
      return RegistryName.isSha256(sha256)
          ? new Validated.Valid<>(content(sha256))
          : refused(field, text, "a digest is sha256: and 64 lower-case hexadecimal digits");
    }
    if (!text.contains("@")) {
      return RegistryName.valid(text)
          ? new Validated.Valid<>(newest(text))
          : refused(field, text, "a name " + RegistryName.RULE);
    }
    Matcher versioned = VERSIONED.matcher(text);
    if (!versioned.matches()) {
      return refused(field, text, "write name@3: after the '@' comes the version's number, from 1");
    }
    return RegistryName.valid(versioned.group(1))
        ? new Validated.Valid<>(version(versioned.group(1), Integer.parseInt(versioned.group(2))))
        : refused(field, text, "a name " + RegistryName.RULE);
  }

  /**
   * Reads a reference of our own making.
   *
   * @throws IllegalArgumentException for any other text
   */
  @JsonCreator
  public static AdapterReference of(String text) {
    return switch (parse("name", text)) {
      case Validated.Valid<AdapterReference>(AdapterReference reference) -> reference;
      case Validated.Invalid<AdapterReference>(List<FieldProblem> problems) ->
          throw new IllegalArgumentException(problems.getFirst().detail());
    };
  }

  private static Validated<AdapterReference> refused(String field, String text, String remedy) {
    String quote = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text;
    return new Validated.Invalid<>(
        List.of(FieldProblem.invalid(field, "'" + quote + "' names no adapter; " + remedy)));
  }

  @JsonValue
  @Override
  public String toString() {
    return name.map(text -> number.isPresent() ? text + "@" + number.getAsInt() : text)
        .orElseGet(() -> DIGEST + sha256.orElseThrow());
  }
}
