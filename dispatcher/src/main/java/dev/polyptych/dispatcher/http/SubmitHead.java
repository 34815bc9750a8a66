package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.topic.TraceParent;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The headers and parameters of a submission. */
record SubmitHead(
    Optional<String> idempotencyKey, boolean dryRun, OptionalInt waitSeconds, TraceParent trace) {
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  private static final String PREFER = "Prefer";
  private static final int LONGEST_WAIT_SECONDS = 60;
  private static final Pattern WAIT = Pattern.compile("wait\\s*=\\s*\"?(\\d{1,9})\"?");
  private static final Pattern PRINTABLE = Pattern.compile("[!-~]([ -~]{0,253}[!-~])?");

  static Validated<SubmitHead> read(HttpServerRequest request) {
    List<FieldProblem> problems = new ArrayList<>();
    SubmitHead head =
        new SubmitHead(
            idempotencyKey(request, problems),
            dryRun(request, problems),
            waitSeconds(request),
            TraceParent.of(request.getHeader("traceparent")));
    return Validated.of(head, problems);
  }

  static Optional<String> idempotencyKey(HttpServerRequest request, List<FieldProblem> problems) {
    List<String> keys = request.headers().getAll(IDEMPOTENCY_KEY);
    if (keys.size() > 1 || keys.stream().anyMatch(key -> !PRINTABLE.matcher(key).matches())) {
      problems.add(
          FieldProblem.invalid(
              IDEMPOTENCY_KEY, "must be one text of 1 to 255 printable ASCII characters"));
      return Optional.empty();
    }
    return keys.stream().findFirst();
  }

  private static boolean dryRun(HttpServerRequest request, List<FieldProblem> problems) {
    String value = request.getParam("dryRun", "false");
    if (!value.equals("true") && !value.equals("false")) {
      problems.add(FieldProblem.invalid("dryRun", "must be true or false, not '" + value + "'"));
    }
    return value.equals("true");
  }

  /** Ignores invalid preferences, as RFC 7240 requires. */
  private static OptionalInt waitSeconds(HttpServerRequest request) {
    return request.headers().getAll(PREFER).stream()
        .flatMap(preferences -> Stream.of(preferences.split("[,;]")))
        .map(preference -> WAIT.matcher(preference.strip()))
        .filter(Matcher::matches)
        .mapToInt(wait -> Math.min(LONGEST_WAIT_SECONDS, Integer.parseInt(wait.group(1))))
        .findFirst();
  }
}
