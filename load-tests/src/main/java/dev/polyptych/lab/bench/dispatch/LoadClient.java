package dev.polyptych.lab.bench.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends many requests at a time to one dispatcher, over connections that stay open. */
final class LoadClient implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int CLOSE_SECONDS = 30;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(THREADS));
  private final URI dispatcher;
  private final HttpClient client;

  /**
   * @param retryAfterSeconds the header Retry-After of a refusal
   */
  record Reply(int status, Optional<Integer> retryAfterSeconds, Buffer body) {
    IllegalStateException unexpected() {
      return new IllegalStateException("the dispatcher answered " + status + ": " + body);
    }
  }

  LoadClient(URI dispatcher, int connections) {
    this.dispatcher = dispatcher;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setTcpNoDelay(true),
            new PoolOptions().setHttp1MaxSize(connections).setEventLoopSize(THREADS));
  }

  Vertx vertx() {
    return vertx;
  }

  Future<Reply> post(String path, String type, String prefer, Buffer body) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(dispatcher.getHost())
            .setPort(dispatcher.getPort())
            .setURI(path)
            .putHeader("Content-Type", type);
    if (!prefer.isEmpty()) {
      options.putHeader("Prefer", prefer);
    }
    return client
        .request(options)
        .compose(request -> request.send(body))
        .compose(
            response ->
                response
                    .body()
                    .map(
                        bytes ->
                            new Reply(
                                response.statusCode(),
                                Optional.ofNullable(response.getHeader("Retry-After"))
                                    .map(Integer::valueOf),
                                bytes)));
  }

  @Override
  public void close() {
    var closed = client.close().eventually(vertx::close);
    try {
      var _ = closed.toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      throw new IllegalStateException("the load's connections were not closed", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
