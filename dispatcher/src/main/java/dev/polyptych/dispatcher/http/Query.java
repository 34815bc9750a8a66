package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.json.DidYouMean;
import dev.polyptych.store.JobListing;
import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Reads the parameters of a query and collects all problems with them. */
final class Query {
  private static final int MOST_ENTRIES = 200;
  private static final int USUAL_ENTRIES = 50;

  private final MultiMap parameters;
  private final List<FieldProblem> problems = new ArrayList<>();

  Query(MultiMap parameters, List<String> known) {
    this(parameters, known, _ -> false);
  }

  /**
   * @param also whether a name that is not among the known ones is a parameter, too
   */
  Query(MultiMap parameters, List<String> known, Predicate<String> also) {
    this.parameters = parameters;
    for (String name : parameters.names()) {
      if (!known.contains(name) && !also.test(name)) {
        invalid(name, "is no parameter here; " + remedy(name, known));
      }
    }
  }

  List<FieldProblem> problems() {
    return problems;
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /** A parameter that must be one of the known names. */
  Optional<String> oneOf(String name, List<String> known, ErrorCode code) {
    return text(name).filter(value -> isKnown(name, value, known, code));
  }

  /** A parameter that must be some of the known names, with commas between them or repeated. */
  List<String> someOf(String name, List<String> known, ErrorCode code) {
    return parameters.getAll(name).stream()
        .flatMap(value -> Stream.of(value.split(",", -1)))
        .filter(value -> isKnown(name, value, known, code))
        .toList();
  }

  private boolean isKnown(String name, String value, List<String> known, ErrorCode code) {
    if (!known.contains(value)) {
      String detail = "there is no '" + value + "'; " + remedy(value, known);
      problems.add(new FieldProblem(code, name, detail));
      return false;
    }
    return true;
  }

  /** The parameters whose names begin so, by the rest of their names. */
  Map<String, String> startingWith(String prefix) {
    Map<String, String> found = new TreeMap<>();
    for (String name : parameters.names()) {
      if (name.startsWith(prefix)) {
        if (parameters.getAll(name).size() > 1) {
          invalid(name, "must be given once");
        }
        found.put(name.substring(prefix.length()), parameters.get(name));
      }
    }
    return found;
  }

  /** A parameter that must be an id. */
  Optional<String> id(String name) {
    Optional<String> value = text(name);
    if (value.isPresent() && !JobId.valid(value.get())) {
      invalid(name, "must be 1 to 64 letters, digits, '-' or '_'");
    }
    return value;
  }

  /** A parameter that must be a time of RFC 3339. */
  Optional<Instant> time(String name) {
    try {
      return text(name).map(value -> OffsetDateTime.parse(value).toInstant());
    } catch (DateTimeException malformed) {
      invalid(
          name, "must be a time such as 2025-11-30T18:00:00Z; in an offset, write '+' as '%2B'");
      return Optional.empty();
    }
  }

  int integer(String name, int least, int most, int otherwise) {
    String value = text(name).orElse(Integer.toString(otherwise));
    int number = value.matches("\\d{1,9}") ? Integer.parseInt(value) : least - 1;
    if (number < least || number > most) {
      invalid(name, "must be an integer from " + least + " to " + most + ", not '" + value + "'");
    }
    return number;
  }

  /** The requested number of entries on a page. */
  int pageLimit() {
    return integer("limit", 1, MOST_ENTRIES, USUAL_ENTRIES);
  }

  /** The id that a page continues after; empty for the first page. */
  String pageStart() {
    Optional<String> cursor = text("cursor");
    Optional<String> position = cursor.flatMap(JobListing::position);
    if (cursor.isPresent() && position.isEmpty()) {
      invalid("cursor", "is no cursor of a page; leave it out to start from the newest");
    }
    return position.orElse("");
  }

  void invalid(String name, String detail) {
    problems.add(FieldProblem.invalid(name, detail));
  }

  private static String remedy(String value, List<String> known) {
    return DidYouMean.to(value, known)
        .map(near -> "did you mean '" + near + "'?")
        .orElse("known: " + String.join(", ", known));
  }
}
