package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.enqueue.TraceParent;
import dev.polyptych.schema.error.Checked;
import dev.polyptych.schema.error.FieldProblem;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the head of a submission says of it. */
record SubmitHead(Optional<String> idempotencyKey, TraceParent trace) {
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  private static final Pattern PRINTABLE = Pattern.compile("[!-~]([ -~]{0,253}[!-~])?");

  static Checked<SubmitHead> read(HttpServerRequest request) {
    List<FieldProblem> problems = new ArrayList<>();
    SubmitHead head =
        new SubmitHead(
            idempotencyKey(request, problems), TraceParent.of(request.getHeader("traceparent")));
    return Checked.of(head, problems);
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
}
