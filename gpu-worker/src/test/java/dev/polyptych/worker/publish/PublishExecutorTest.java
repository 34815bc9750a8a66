package dev.polyptych.worker.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.worker.metrics.PublishMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PublishExecutorTest {
  private final BlockingQueue<Throwable> bugs = new LinkedBlockingQueue<>();
  private final PublishExecutor handOff =
      new PublishExecutor(2, new PublishMetrics(new PrometheusRegistry()), bugs::add);

  @Test
  void oneMoreThanThereArePlacesWaitsUntilOneIsFree() throws Exception {
    // Given
    CountDownLatch held = new CountDownLatch(1);
    BlockingQueue<Integer> done = new LinkedBlockingQueue<>();
    handOff.submit(() -> await(held));
    handOff.submit(() -> await(held));
    Thread third = Thread.ofVirtual().start(() -> handOff.submit(() -> done.add(3)));
    assertFalse(handOff.awaitIdle(Duration.ofMillis(20)));
    assertTrue(done.isEmpty());
    // When
    held.countDown();
    // Then
    assertEquals(3, done.poll(10, TimeUnit.SECONDS));
    assertTrue(third.join(Duration.ofSeconds(10)));
  }

  @Test
  void nobodyWaitsForAPlaceOnceTheWorkerStops() {
    // Given
    CountDownLatch held = new CountDownLatch(1);
    handOff.submit(() -> await(held));
    handOff.submit(() -> await(held));
    // When
    handOff.stopWaiting();
    // Then
    assertFalse(handOff.submit(() -> {}));
    held.countDown();
  }

  @Test
  void anExceptionThatNobodyExpectedIsToldAndFreesThePlace() throws Exception {
    // When
    handOff.submit(
        () -> {
          throw new IllegalStateException("unexpected");
        });
    // Then
    assertEquals("unexpected", bugs.poll(10, TimeUnit.SECONDS).getMessage());
    assertTrue(handOff.awaitIdle(Duration.ofSeconds(10)));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
