package dev.polyptych.dispatcher.http;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.concurrent.TimeUnit;

/** The API's server, on one event loop. */
public final class ApiVerticle extends VerticleBase {
  /** Requests in flight may wait for the broker that long. */
  private static final int SHUTDOWN_SECONDS = 15;

  /**
   * Event streams send something every 15 s, and no answer is waited for longer than 60 s; whoever
   * is silent for longer is gone.
   */
  private static final int IDLE_SECONDS = 90;

  private final ApiServices services;
  private final EventStreams streams;
  private HttpServer server;

  public ApiVerticle(ApiServices services) {
    this.services = services;
    this.streams = services.eventStreams();
  }

  /** The port it listens on, once deployed. */
  public int port() {
    return server.actualPort();
  }

  @Override
  public Future<?> start() {
    return RoutableContract.load(vertx).compose(this::listen);
  }

  /** Takes no more connections, ends event streams, and finishes the requests in flight. */
  @Override
  public Future<?> stop() {
    Future<Void> finished = server.shutdown(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    streams.endAll();
    return finished;
  }

  private Future<HttpServer> listen(OpenAPIContract contract) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(services.config().bindHost())
            .setPort(services.config().port())
            .setHttp2ClearTextEnabled(false)
            .setHandle100ContinueAutomatically(true)
            .setIdleTimeout(IDLE_SECONDS);
    server =
        vertx
            .createHttpServer(options)
            .requestHandler(
                new ApiRouter(contract, new Gate(services.config().tenants()), services.metrics())
                    .router(vertx, services.handlers(streams)));
    return server.listen();
  }
}
