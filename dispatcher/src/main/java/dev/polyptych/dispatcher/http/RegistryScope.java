package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.registry.Registration;
import dev.polyptych.dispatcher.registry.Registrations;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.registry.RegistryName;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;

/** What the operations on the registry have in common. */
final class RegistryScope {
  private static final int NOT_FOUND = 404;
  private static final String VERSION = "version";

  private final Optional<Registrations> registry;

  RegistryScope(Optional<Registrations> registry) {
    this.registry = registry;
  }

  /** Empty without an object store. */
  Optional<Registrations> registry() {
    return registry;
  }

  /** Goes on with the registry, or answers that there is none. */
  void with(RoutingContext routing, Consumer<Registrations> next) {
    registry.ifPresentOrElse(
        next,
        () ->
            JobBody.refuseUnread(
                routing,
                Problem.of(
                    ErrorCode.NO_REGISTRY,
                    "nothing can be registered without an object store; set objects at dispatchers"
                        + " and workers")));
  }

  /** As {@link #with}, for a name in the path that something may be registered under. */
  void withName(RoutingContext routing, String parameter, Consumer<Registrations> next) {
    String name = routing.pathParam(parameter);
    if (RegistryName.valid(name)) {
      with(routing, next);
    } else {
      JobBody.refuseUnread(
          routing, Problem.of(List.of(FieldProblem.invalid(parameter, RegistryName.RULE))));
    }
  }

  /**
   * Answers a removal.
   *
   * @param removal gets the number of the one version; empty for all
   */
  static <T> void remove(
      RoutingContext routing, BoundedCalls calls, Function<OptionalInt, Registration<T>> removal) {
    Query query = new Query(routing.queryParams(), List.of(VERSION));
    OptionalInt version =
        query.text(VERSION).isEmpty()
            ? OptionalInt.empty()
            : OptionalInt.of(query.integer(VERSION, 1, 999_999_999, 1));
    if (query.problems().isEmpty()) {
      calls.answer(routing, () -> removal.apply(version), removed -> answer(routing, removed));
    } else {
      Answer.problem(routing, Problem.of(query.problems()));
    }
  }

  static <T> void answer(RoutingContext routing, Registration<T> registration) {
    switch (registration) {
      case Registration.Done<T>(T version) -> Answer.json(routing, 200, version);
      case Registration.Refused<T>(Problem problem) -> Answer.problem(routing, problem);
    }
  }

  /**
   * The problem of a name that the caller has not registered.
   *
   * @param shared whether there is one of that name for all tenants
   */
  static Problem notYours(ErrorCode code, String what, boolean shared) {
    return shared
        ? Problem.of(
            ErrorCode.FORBIDDEN, what + " is for all tenants; a key of an operator removes it")
        : Problem.of(code, "there is no " + what).withStatus(NOT_FOUND);
  }
}
