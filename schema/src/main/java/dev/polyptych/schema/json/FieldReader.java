package dev.polyptych.schema.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.schema.error.FieldProblem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads the fields of one JSON object. Collects all problems instead of stopping at the first:
 * wrong types, missing and unknown fields.
 */
public final class FieldReader {
  private final JsonNode object;
  private final String path;
  private final List<FieldProblem> problems;

  public FieldReader(JsonNode object, String path, List<FieldProblem> problems) {
    this.object = object;
    this.path = path;
    this.problems = problems;
  }

  /** Notes every field that is not one of {@code known}, with the nearest known name. */
  public void refuseUnknown(Collection<String> known) {
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        String remedy =
            DidYouMean.to(name, known)
                .map(near -> "did you mean '" + near + "'?")
                .orElse("remove it; known fields: " + String.join(", ", known));
        problems.add(FieldProblem.invalid(path + name, "unknown field; " + remedy));
      }
    }
  }

  /** A required text of 1 to {@code longest} characters; returns an empty text if it is missing. */
  public String text(String name, int longest) {
    JsonNode node = required(name, "a text");
    return node == null ? "" : checkedText(node, path + name, longest);
  }

  public Optional<String> optionalText(String name) {
    return optional(name, JsonNode::isTextual, "a text", JsonNode::textValue);
  }

  public Optional<Boolean> flag(String name) {
    return optional(name, JsonNode::isBoolean, "true or false", JsonNode::booleanValue);
  }

  /** A required, non-empty array of texts. */
  public List<String> texts(String name, int longest) {
    JsonNode node = required(name, "an array of texts");
    if (node == null) {
      return List.of();
    }
    if (!node.isArray()) {
      wrongType(name, "an array of texts", node);
      return List.of();
    }
    return IntStream.range(0, node.size())
        .mapToObj(i -> checkedText(node.get(i), path + name + "[" + i + "]", longest))
        .toList();
  }

  public Optional<Long> integer(String name, long least, long most) {
    Predicate<JsonNode> fits = node -> node.canConvertToExactIntegral() && node.canConvertToLong();
    return inRange(name, optional(name, fits, "an integer", JsonNode::longValue), least, most);
  }

  /** Like {@link #integer}, for a required field; returns {@code least} if it is missing. */
  public int requiredInteger(String name, int least, int most) {
    required(name, "an integer");
    return integer(name, least, most).orElse((long) least).intValue();
  }

  public Optional<Double> number(String name, double least, double most) {
    return inRange(
        name, optional(name, JsonNode::isNumber, "a number", JsonNode::doubleValue), least, most);
  }

  public Optional<FieldReader> object(String name) {
    return optional(
        name,
        JsonNode::isObject,
        "an object",
        n -> new FieldReader(n, path + name + ".", problems));
  }

  /** An optional object, unread. */
  public Optional<JsonNode> tree(String name) {
    return optional(name, JsonNode::isObject, "an object", node -> node);
  }

  /** An optional array of objects; empty if it is missing or invalid. */
  public List<FieldReader> objects(String name, int most) {
    return optionalObjects(name, most).orElse(List.of());
  }

  /** As {@link #objects}, but tells an empty array from a missing one. */
  public Optional<List<FieldReader>> optionalObjects(String name, int most) {
    JsonNode array = optional(name, JsonNode::isArray, "an array", node -> node).orElse(null);
    if (array == null || array.size() > most || !array.valueStream().allMatch(JsonNode::isObject)) {
      if (array != null) {
        invalid(name, "must be an array of at most " + most + " objects");
      }
      return Optional.empty();
    }
    return Optional.of(
        IntStream.range(0, array.size())
            .mapToObj(i -> new FieldReader(array.get(i), path + name + "[" + i + "].", problems))
            .toList());
  }

  /** One of an enum's constants, written in lower case. */
  public <E extends Enum<E>> Optional<E> constant(String name, E[] constants) {
    return optionalText(name)
        .flatMap(
            text -> {
              for (E constant : constants) {
                if (constant.name().toLowerCase(java.util.Locale.ROOT).equals(text)) {
                  return Optional.of(constant);
                }
              }
              invalid(name, "must be one of " + names(constants));
              return Optional.empty();
            });
  }

  /** Whether a field is there. {@code null} is the same as a missing field. */
  public boolean has(String name) {
    return object.hasNonNull(name);
  }

  public List<String> fieldNames() {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  public void invalid(String name, String detail) {
    problems.add(FieldProblem.invalid(path + name, detail));
  }

  private JsonNode required(String name, String expected) {
    JsonNode node = object.get(name);
    if (node == null || node.isNull()) {
      invalid(name, "is missing; give " + expected);
      return null;
    }
    return node;
  }

  private <T> Optional<T> optional(
      String name, Predicate<JsonNode> fits, String expected, Function<JsonNode, T> read) {
    JsonNode node = object.get(name);
    if (node == null || node.isNull()) {
      return Optional.empty();
    }
    if (!fits.test(node)) {
      wrongType(name, expected, node);
      return Optional.empty();
    }
    return Optional.of(read.apply(node));
  }

  private <T extends Comparable<T>> Optional<T> inRange(
      String name, Optional<T> value, T least, T most) {
    boolean outside =
        value.isPresent() && (value.get().compareTo(least) < 0 || value.get().compareTo(most) > 0);
    if (outside) {
      invalid(name, "must be from " + least + " to " + most + ", not " + value.get());
      return Optional.empty();
    }
    return value;
  }

  private String checkedText(JsonNode node, String fullPath, int longest) {
    if (!node.isTextual()) {
      problems.add(FieldProblem.invalid(fullPath, "must be a text, not " + kind(node)));
      return "";
    }
    String text = node.textValue();
    if (text.isBlank()) {
      problems.add(FieldProblem.invalid(fullPath, "is blank; describe what is to be seen"));
    } else if (length(text) > longest) {
      problems.add(
          FieldProblem.invalid(
              fullPath, "has " + length(text) + " characters, at most " + longest + " fit"));
    }
    return text;
  }

  /** The length of a text as JSON Schema counts it: in code points. */
  public static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private void wrongType(String name, String expected, JsonNode node) {
    invalid(name, "must be " + expected + ", not " + kind(node));
  }

  private static String kind(JsonNode node) {
    return node.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
  }

  private static String names(Enum<?>[] constants) {
    return java.util.Arrays.stream(constants)
        .map(constant -> constant.name().toLowerCase(java.util.Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
