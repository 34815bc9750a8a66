package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.events.EventHub;
import dev.polyptych.dispatcher.events.EventListener;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.store.JobStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The requests of this process that wait for their job to settle. */
public final class SettleWaits {
  private final EventHub hub;
  private final JobStore store;
  private final BoundedCalls calls;
  private final Set<SettleWait> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  public SettleWaits(EventHub hub, JobStore store, BoundedCalls calls) {
    this.hub = hub;
    this.store = store;
    this.calls = calls;
  }

  /**
   * The job's final status. If the time ends, the caller disconnects or the service closes first,
   * it is the last known status. Never fails.
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

  /** Ends all waits, including those that begin later. */
  public void endAll() {
    closing = true;
    open.forEach(SettleWait::finish);
  }

  private Future<Optional<JobStatus>> status(String job) {
    return calls.call(() -> store.status(job));
  }

  /**
   * One wait for one job. Runs on the event loop of its request. Other threads may call only {@link
   * #live}, {@link #resubscribed} and {@link #finish}, which switch to that event loop.
   */
  private static final class SettleWait implements EventListener {
    /** The period of checks that find what a silently dead subscription missed. */
    private static final long CHECK_MILLIS = 5_000;

    private final Vertx vertx;
    private final Context loop;
    private final Function<String, Future<Optional<JobStatus>>> store;
    private final Promise<JobStatus> settled = Promise.promise();
    private JobStatus latest;

    SettleWait(
        Vertx vertx, JobStatus present, Function<String, Future<Optional<JobStatus>>> store) {
      this.vertx = vertx;
      this.loop = vertx.getOrCreateContext();
      this.latest = present;
      this.store = store;
    }

    /** Call this after listening has begun. */
    Future<JobStatus> begin(int seconds) {
      long end = vertx.setTimer(Math.max(1, 1000L * seconds), late -> finish());
      long checks = vertx.setPeriodic(CHECK_MILLIS, again -> check());
      check();
      return settled
          .future()
          .onComplete(
              over -> {
                vertx.cancelTimer(end);
                vertx.cancelTimer(checks);
              });
    }

    @Override
    public void live(JobEvent event) {
      if (event.state().terminal()) {
        resubscribed();
      }
    }

    @Override
    public void resubscribed() {
      loop.runOnContext(here -> check());
    }

    /** Ends the wait with the last known status. */
    void finish() {
      loop.runOnContext(here -> settled.tryComplete(latest));
    }

    private void check() {
      if (settled.future().isComplete()) {
        return;
      }
      store.apply(latest.id()).onSuccess(found -> found.ifPresent(this::found));
    }

    private void found(JobStatus status) {
      latest = status;
      if (status.state().terminal()) {
        settled.tryComplete(status);
      }
    }
  }
}
