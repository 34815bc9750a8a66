package dev.polyptych.dispatcher.calls;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Runs blocking calls, each on a virtual thread of its own, up to a number at once. There is no
 * queue in front: whoever finds no place is told so at once, and callers outside retry later.
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

  /**
   * The stage fails with what the call throws, or with {@link OverloadedException} without having
   * called. It completes on the call's thread.
   */
  public <T> CompletionStage<T> call(Callable<T> call) {
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
    // Given back before anybody hears of the outcome: who hears of it may call again at once.
    places.release();
    outcome.complete(value);
  }
}
