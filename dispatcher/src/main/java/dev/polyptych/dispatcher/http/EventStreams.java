package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.events.EventArchive;
import dev.polyptych.dispatcher.events.EventHub;
import dev.polyptych.dispatcher.events.EventPosition;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Problem;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The open event streams of this process and what they share. */
public final class EventStreams {
  private static final String HEADER = "Last-Event-ID";
  private static final String QUERY = "lastEventId";

  private final EventHub hub;
  private final EventArchive archive;
  private final BoundedCalls calls;
  private final DispatcherMetrics metrics;
  private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  public EventStreams(
      EventHub hub, EventArchive archive, BoundedCalls calls, DispatcherMetrics metrics) {
    this.hub = hub;
    this.archive = archive;
    this.calls = calls;
    this.metrics = metrics;
  }

  public List<ApiOperation> operations() {
    return List.of(new ApiOperation("streamEvents", this::handle));
  }

  private void handle(RoutingContext routing) {
    lastSeen(routing)
        .map(text -> EventPosition.parse(text).orElse(EventPosition.START))
        .ifPresent(position -> new EventStream(routing, position, this).open());
  }

  /**
   * The id of the last event that the reader has seen, or an empty text. Answers the request and
   * returns nothing if it is malformed.
   */
  static Optional<String> lastSeen(RoutingContext routing) {
    // A browser that reconnects repeats the query and adds the header. The header is newer.
    String header = routing.request().getHeader(HEADER);
    String field = header == null ? QUERY : HEADER;
    String text = header == null ? routing.request().getParam(QUERY) : header;
    if (text == null || text.isEmpty()) {
      return Optional.of("");
    }
    if (EventPosition.parse(text).isEmpty()) {
      Answer.problem(routing, malformed(field, text));
      return Optional.empty();
    }
    return Optional.of(text);
  }

  private static Problem malformed(String field, String text) {
    String shown = text.length() > 64 ? text.substring(0, 64) + "…" : text;
    return Problem.of(
        List.of(
            FieldProblem.invalid(
                field, "must be an id of an event such as 1764525600123-0, not '" + shown + "'")));
  }

  EventArchive archive() {
    return archive;
  }

  BoundedCalls calls() {
    return calls;
  }

  DispatcherMetrics metrics() {
    return metrics;
  }

  void opened(EventStream stream) {
    hub.listen(stream.job(), stream);
    open.add(stream);
    metrics.streamOpened();
    if (closing) {
      stream.finish();
    }
  }

  void closed(EventStream stream) {
    if (open.remove(stream)) {
      hub.leave(stream.job(), stream);
      metrics.streamClosed();
    }
  }

  /**
   * Ends all streams, including those that begin later. Readers reconnect to another dispatcher.
   */
  public void endAll() {
    closing = true;
    open.forEach(EventStream::finish);
  }
}
