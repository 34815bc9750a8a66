package dev.polyptych.dispatcher.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BoundedCallsTest {
  @Test
  void aCallBeyondTheBoundIsRefusedAtOnce() {
    BoundedCalls calls = new BoundedCalls("reads", 1);
    CountDownLatch release = new CountDownLatch(1);
    var waiting = calls.stage(() -> release.await(30, TimeUnit.SECONDS)).toCompletableFuture();

    var refused = calls.stage(() -> true).toCompletableFuture();

    ExecutionException failure = assertThrows(ExecutionException.class, refused::get);
    assertInstanceOf(OverloadedException.class, failure.getCause());
    release.countDown();
    assertEquals(true, waiting.join());
  }

  @Test
  void aPlaceIsFreeAgainWhenItsCallFailed() throws Exception {
    BoundedCalls calls = new BoundedCalls("reads", 1);
    var failed =
        calls
            .stage(
                () -> {
                  throw new IllegalStateException("broken");
                })
            .toCompletableFuture();
    assertThrows(ExecutionException.class, failed::get);

    var next = calls.stage(() -> 7).toCompletableFuture();

    assertEquals(7, next.get(30, TimeUnit.SECONDS));
  }
}
