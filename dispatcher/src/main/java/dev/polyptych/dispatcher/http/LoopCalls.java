package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.calls.BoundedCalls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;

/** Blocking calls whose outcome comes back to the event loop that asked. */
final class LoopCalls {
  private final BoundedCalls calls;

  LoopCalls(BoundedCalls calls) {
    this.calls = calls;
  }

  <T> Future<T> call(Callable<T> call) {
    return Future.fromCompletionStage(calls.call(call), Vertx.currentContext());
  }
}
