package dev.polyptych.schema.error;

import java.util.List;
import java.util.function.Function;

/**
 * The result of checking foreign input: a value, or all its problems, found in one pass.
 *
 * @param <T> what the input becomes when it is right
 */
public sealed interface Validated<T> {
  /** Nothing is wrong. */
  record Valid<T>(T value) implements Validated<T> {}

  /** At least one problem. */
  record Invalid<T>(List<FieldProblem> problems) implements Validated<T> {
    public Invalid {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("nothing is wrong, so the outcome is not invalid");
      }
    }
  }

  /** Runs a second check if the first found no problem. */
  default <R> Validated<R> then(Function<T, Validated<R>> next) {
    return switch (this) {
      case Valid<T>(T value) -> next.apply(value);
      case Invalid<T>(List<FieldProblem> problems) -> new Invalid<>(problems);
    };
  }

  /** {@link Valid} of the value, unless something is wrong. */
  static <T> Validated<T> of(T value, List<FieldProblem> problems) {
    return problems.isEmpty() ? new Valid<>(value) : new Invalid<>(problems);
  }
}
