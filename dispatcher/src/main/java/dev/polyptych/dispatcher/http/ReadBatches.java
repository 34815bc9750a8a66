package dev.polyptych.dispatcher.http;

import dev.polyptych.store.Batches;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** {@code GET /v1/batches/{batch}}. */
public final class ReadBatches {
  private final Batches batches;
  private final BoundedCalls calls;

  public ReadBatches(Batches batches, BoundedCalls calls) {
    this.batches = batches;
    this.calls = calls;
  }

  public List<ApiOperation> operations() {
    return List.of(new ApiOperation("readBatch", this::read));
  }

  private void read(RoutingContext routing) {
    BatchPath.of(routing).ifPresent(batch -> read(routing, batch));
  }

  private void read(RoutingContext routing, String batch) {
    String tenant = Gate.tenant(routing).id();
    calls.answer(
        routing,
        () -> batches.summary(tenant, batch),
        summary ->
            summary.ifPresentOrElse(
                known -> Answer.json(routing, 200, known),
                () -> Answer.unknownBatch(routing, batch)));
  }
}
