package dev.polyptych.dispatcher.http;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The API's server, on one event loop. */
public final class ApiVerticle extends VerticleBase {
  /** Requests in flight may wait this long for the broker. */
  private static final int SHUTDOWN_SECONDS = 15;

  /**
   * Event streams send something every 15 s, and no answer takes longer than 60 s. A connection
   * that is silent for longer is dead.
   */
  private static final int IDLE_SECONDS = 90;

  private final String host;
  private final int port;
  private final ApiRouter router;
  private final List<ApiOperation> operations;
  private final List<Runnable> endings;
  private HttpServer server;

  /**
   * @param operations all of the contract
   * @param endings end the long-lasting answers (streams and waits); they run when the server stops
   */
  public ApiVerticle(
      String host,
      int port,
      ApiRouter router,
      List<ApiOperation> operations,
      List<Runnable> endings) {
    this.host = host;
    this.port = port;
    this.router = router;
    this.operations = List.copyOf(operations);
    this.endings = List.copyOf(endings);
  }

  /** The port it listens on, once deployed. */
  public int port() {
    return server.actualPort();
  }

  @Override
  public Future<?> start() {
    return RoutableContract.load(vertx).compose(this::listen);
  }

  /** Accepts no more connections, ends event streams, and finishes the requests in flight. */
  @Override
  public Future<?> stop() {
    Future<Void> finished = server.shutdown(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    endings.forEach(Runnable::run);
    return finished;
  }

  private Future<HttpServer> listen(OpenAPIContract contract) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(host)
            .setPort(port)
            .setHttp2ClearTextEnabled(false)
            .setHandle100ContinueAutomatically(true)
            .setIdleTimeout(IDLE_SECONDS);
    server =
        vertx
            .createHttpServer(options)
            .connectionHandler(connection -> StrictDecoder.install(connection, options))
            .requestHandler(router.router(vertx, contract, operations));
    return server.listen();
  }
}
