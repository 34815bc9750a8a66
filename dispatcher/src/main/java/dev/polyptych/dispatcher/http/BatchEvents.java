package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.schema.job.BatchSummary;
import dev.polyptych.store.Batches;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@code GET /v1/batches/{batch}/events}: the open streams of this process. */
public final class BatchEvents {
  private final Batches batches;
  private final BoundedCalls calls;
  private final DispatcherMetrics metrics;
  private final Set<BatchEventStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  public BatchEvents(Batches batches, BoundedCalls calls, DispatcherMetrics metrics) {
    this.batches = batches;
    this.calls = calls;
    this.metrics = metrics;
  }

  public List<ApiOperation> operations() {
    return List.of(new ApiOperation("streamBatchEvents", this::handle));
  }

  private void handle(RoutingContext routing) {
    BatchPath.of(routing)
        .ifPresent(
            batch ->
                EventStreams.lastSeen(routing)
                    .ifPresent(seen -> new BatchEventStream(routing, batch, seen, this).open()));
  }

  Optional<BatchSummary> read(String tenant, String batch) {
    return batches.summary(tenant, batch);
  }

  BoundedCalls calls() {
    return calls;
  }

  DispatcherMetrics metrics() {
    return metrics;
  }

  void opened(BatchEventStream stream) {
    open.add(stream);
    metrics.streamOpened();
    if (closing) {
      stream.finish();
    }
  }

  void closed(BatchEventStream stream) {
    if (open.remove(stream)) {
      metrics.streamClosed();
    }
  }

  /** Ends all streams. Readers reconnect to another dispatcher. */
  public void endAll() {
    closing = true;
    open.forEach(BatchEventStream::finish);
  }
}
