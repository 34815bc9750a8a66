package dev.polyptych.dispatcher.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.dispatcher.http.LineSplitter.BatchLine;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.store.IdempotencyKey;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * The headers and parameters of a batch.
 *
 * @param tenant the owner of the batch
 * @param batch the given id or a generated one; with a key it derives from the key, so a repeated
 *     call gets the same id
 * @param trace value of the header; null when absent
 * @param packed whether the body is a gzip stream
 */
record BatchHead(
    Tenant tenant, String batch, Optional<String> idempotencyKey, String trace, boolean packed) {
  static Validated<BatchHead> read(RoutingContext routing) {
    Query query = new Query(routing.queryParams(), List.of("batch"));
    Optional<String> key = SubmitHead.idempotencyKey(routing.request(), query.problems());
    String batch =
        query
            .text("batch")
            .orElseGet(() -> "b-" + key.map(BatchHead::derived).orElseGet(BatchHead::made));
    if (!JobId.valid(batch)) {
      query.invalid("batch", "must be 1 to 64 letters, digits, '-' or '_'");
    }
    String trace = routing.request().getHeader("traceparent");
    boolean packed = JobBody.packed(routing.request());
    return Validated.of(
        new BatchHead(Gate.tenant(routing), batch, key, trace, packed), query.problems());
  }

  /** The key of a line. It contains a tab, and no key of a single submission does. */
  Optional<IdempotencyKey> keyOf(BatchLine line) {
    return idempotencyKey.map(
        key -> IdempotencyKey.of(tenant.id(), key + "\t" + line.number(), line.bytes()));
  }

  private static String derived(String key) {
    return IdempotencyKey.digest(key.getBytes(UTF_8)).substring(0, 26);
  }

  private static String made() {
    return JobId.next(Clock.systemUTC()).substring(2);
  }
}
