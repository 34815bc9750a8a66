package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.events.EventHub;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.store.JobStore;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The answers of this process that wait for their job to settle. */
final class SettleWaits {
  private final EventHub hub;
  private final JobStore store;
  private final LoopCalls calls;
  private final Set<SettleWait> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  SettleWaits(EventHub hub, JobStore store, LoopCalls calls) {
    this.hub = hub;
    this.store = store;
    this.calls = calls;
  }

  /**
   * The job's final status, or the last that was known when the time was over, the caller gone or
   * the service closing. Never fails.
   */
  Future<JobStatus> settled(RoutingContext routing, JobStatus present, int seconds) {
    SettleWait wait = new SettleWait(routing.vertx(), present, this::status);
    hub.listen(present.id(), wait);
    open.add(wait);
    routing.response().closeHandler(gone -> wait.finish());
    Future<JobStatus> outcome = wait.begin(seconds);
    if (closing) {
      wait.finish();
    }
    return outcome.onComplete(
        over -> {
          open.remove(wait);
          hub.leave(present.id(), wait);
        });
  }

  void endAll() {
    closing = true;
    open.forEach(SettleWait::finish);
  }

  private Future<Optional<JobStatus>> status(String job) {
    return calls.call(() -> store.status(job));
  }
}
