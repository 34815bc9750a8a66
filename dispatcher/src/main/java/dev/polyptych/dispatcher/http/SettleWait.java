package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.events.EventListener;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobStatus;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Function;

/**
 * One wait for one job. Lives on the event loop of its request; {@link #live}, {@link
 * #resubscribed} and {@link #finish} are called from elsewhere, too, and hop onto it.
 */
final class SettleWait implements EventListener {
  /** Finds what a subscription that died silently did not bring. */
  private static final long CHECK_MILLIS = 5_000;

  private final Vertx vertx;
  private final Context loop;
  private final Function<String, Future<Optional<JobStatus>>> store;
  private final Promise<JobStatus> settled = Promise.promise();
  private JobStatus latest;

  SettleWait(Vertx vertx, JobStatus present, Function<String, Future<Optional<JobStatus>>> store) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.latest = present;
    this.store = store;
  }

  /** Must come after the listening has begun. */
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

  /** Goes on with the status that is known. */
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
