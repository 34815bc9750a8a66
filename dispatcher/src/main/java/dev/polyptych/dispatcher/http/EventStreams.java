package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.events.EventArchive;
import dev.polyptych.dispatcher.events.EventHub;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The event streams of this process: what they share, and which are open. */
final class EventStreams {
  private final EventHub hub;
  private final EventArchive archive;
  private final LoopCalls calls;
  private final SettleWaits waits;
  private final DispatcherMetrics metrics;
  private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  EventStreams(
      EventHub hub,
      EventArchive archive,
      LoopCalls calls,
      SettleWaits waits,
      DispatcherMetrics metrics) {
    this.hub = hub;
    this.archive = archive;
    this.calls = calls;
    this.waits = waits;
    this.metrics = metrics;
  }

  EventArchive archive() {
    return archive;
  }

  LoopCalls calls() {
    return calls;
  }

  /** The other answers that follow a job. */
  SettleWaits waits() {
    return waits;
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
   * Ends every stream and wait, also those that begin later; readers come back to another
   * dispatcher.
   */
  void endAll() {
    closing = true;
    open.forEach(EventStream::finish);
    waits.endAll();
  }
}
