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
 * Runs a bounded number of blocking calls at once, each on its own virtual thread. There is no
 * queue: if no place is free, the call is refused at once, and the caller may retry later.
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

  /** As {@link #stage}, but the future completes on the caller's event loop. */
  <T> Future<T> call(Callable<T> call) {
    return Future.fromCompletionStage(stage(call), Vertx.currentContext());
  }

  /**
   * Makes the call and answers the request with its result, or with a problem if the call failed.
   */
  <T> void answer(RoutingContext routing, Callable<T> call, Handler<T> answer) {
    call(call)
        .onSuccess(answer)
        .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
  }

  /**
   * The stage fails with the call's exception. It fails with {@link OverloadedException}, without
   * making the call, if no place is free. It completes on the call's thread.
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
    // Release before the caller gets the outcome, because it may call again at once.
    places.release();
    outcome.complete(value);
  }
}
