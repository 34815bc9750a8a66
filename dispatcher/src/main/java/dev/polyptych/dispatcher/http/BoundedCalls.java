package dev.polyptych.dispatcher.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Runs blocking calls, each on a virtual thread of its own, up to a number at once. There is no
 * queue in front: a caller that finds no place hears so at once and tries again later.
 */
public final class BoundedCalls {
  private final String kind;
  private final int most;
  private final Semaphore places;
  private final Executor threads;

  /**
   * @param kind for thread names and the message of a refusal, such as {@code submissions}
   */
  public BoundedCalls(String kind, int most) {
    this.kind = kind;
    this.most = most;
    this.places = new Semaphore(most);
    var factory = Thread.ofVirtual().name(kind + "-", 0).factory();
    this.threads = Executors.newThreadPerTaskExecutor(factory);
  }

  /** As {@link #stage}; the outcome comes back to the event loop that asks. */
  <T> Future<T> call(Callable<T> call) {
    return Future.fromCompletionStage(stage(call), Vertx.currentContext());
  }

  /** Calls, and answers the request with what came of it; with a problem where the call failed. */
  <T> void answer(RoutingContext routing, Callable<T> call, Handler<T> answer) {
    call(call)
        .onSuccess(answer)
        .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
  }

  /**
   * The stage fails with what the call throws, or with {@link OverloadedException} without having
   * called. It completes on the call's thread.
   */
  <T> CompletionStage<T> stage(Callable<T> call) {
    if (!places.tryAcquire()) {
      return CompletableFuture.failedFuture(
          new OverloadedException(most + " " + kind + " are under way already"));
    }
    CompletableFuture<T> outcome = new CompletableFuture<>();
    threads.execute(() -> run(call, outcome));
    return outcome;
  }

  private <T> void run(Callable<T> call, CompletableFuture<T> outcome) {
    T value;
    try {
      value = call.call();
    } catch (Throwable failure) {
      places.release();
      outcome.completeExceptionally(failure);
      return;
    }
    // Given back before the caller hears of the outcome, since it may call again at once.
    places.release();
    outcome.complete(value);
  }
}
