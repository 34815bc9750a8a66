package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.json.DidYouMean;
import dev.polyptych.store.JobListing;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the parameters of a query and collects all problems with them. */
final class Query {
  private static final int MOST_ENTRIES = 200;
  private static final int USUAL_ENTRIES = 50;

  private final MultiMap parameters;
  private final List<FieldProblem> problems = new ArrayList<>();

  Query(MultiMap parameters, List<String> known) {
    this.parameters = parameters;
    for (String name : parameters.names()) {
      if (!known.contains(name)) {
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
    Optional<String> value = text(name);
    if (value.isPresent() && !known.contains(value.get())) {
      String detail = "there is no '" + value.get() + "'; " + remedy(value.get(), known);
      problems.add(new FieldProblem(code, name, detail));
      return Optional.empty();
    }
    return value;
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
