package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.events.EventPosition;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Problem;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** {@code GET /v1/jobs/{id}/events}. */
final class StreamEvents implements OperationHandler {
  private static final String HEADER = "Last-Event-ID";
  private static final String QUERY = "lastEventId";

  private final EventStreams streams;

  StreamEvents(EventStreams streams) {
    this.streams = streams;
  }

  @Override
  public String operationId() {
    return "streamEvents";
  }

  @Override
  public void handle(RoutingContext routing) {
    // A browser that reconnects repeats the query and adds the header, which is the newer one.
    String header = routing.request().getHeader(HEADER);
    String field = header == null ? QUERY : HEADER;
    String text = header == null ? routing.request().getParam(QUERY) : header;
    Optional<EventPosition> seen =
        text == null || text.isEmpty()
            ? Optional.of(EventPosition.START)
            : EventPosition.parse(text);
    seen.ifPresentOrElse(
        position -> new EventStream(routing, position, streams).open(),
        () -> Answer.problem(routing, malformed(field, text)));
  }

  private static Problem malformed(String field, String text) {
    String shown = text.length() > 64 ? text.substring(0, 64) + "…" : text;
    return Problem.of(
        List.of(
            FieldProblem.invalid(
                field, "must be an id of an event such as 1764525600123-0, not '" + shown + "'")));
  }
}
