package dev.polyptych.dispatcher;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Deploys verticles one after another and undeploys them in reverse order. */
final class Servers implements AutoCloseable {
  /** Longer than any server may take to finish its requests. */
  private static final int TIMEOUT_SECONDS = 30;

  private final Vertx vertx;
  private final Deque<String> deployed = new ArrayDeque<>();

  Servers(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * @throws IllegalStateException when it does not start
   */
  <T extends VerticleBase> T deploy(T verticle) {
    deployed.push(await(vertx.deployVerticle(verticle)));
    return verticle;
  }

  @Override
  public void close() {
    while (!deployed.isEmpty()) {
      await(vertx.undeploy(deployed.pop()));
    }
    await(vertx.close());
  }

  private static <T> T await(Future<T> outcome) {
    try {
      return outcome
          .toCompletionStage()
          .toCompletableFuture()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      throw new IllegalStateException("a server did not start or stop: " + failed, failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }
}
