package dev.polyptych.dispatcher;

import dev.polyptych.dispatcher.health.Readiness;
import dev.polyptych.schema.json.Json;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Serves {@code /health/live}, {@code /health/ready} and {@code /metrics} on a separate port that
 * callers of the API cannot reach.
 */
public final class ManagementVerticle extends VerticleBase {
  private static final ExpositionFormats FORMATS = ExpositionFormats.init();

  private final HttpServerOptions options;
  private final Supplier<Readiness> readiness;
  private final PrometheusRegistry registry;
  private HttpServer server;

  /**
   * @param readiness must not block
   */
  public ManagementVerticle(
      HttpServerOptions options, Supplier<Readiness> readiness, PrometheusRegistry registry) {
    this.options = options;
    this.readiness = readiness;
    this.registry = registry;
  }

  /** The port it listens on, once deployed. */
  public int port() {
    return server.actualPort();
  }

  @Override
  public Future<?> start() {
    server = vertx.createHttpServer(options).requestHandler(this::handle);
    return server.listen();
  }

  @Override
  public Future<?> stop() {
    return server.close();
  }

  private void handle(HttpServerRequest request) {
    switch (request.path()) {
      case "/health/live" -> request.response().end();
      case "/health/ready" -> ready(request);
      case "/metrics" -> metrics(request);
      case null, default -> request.response().setStatusCode(404).end();
    }
  }

  private void ready(HttpServerRequest request) {
    Readiness state = readiness.get();
    request
        .response()
        .setStatusCode(state.complete() ? 200 : 503)
        .putHeader("Content-Type", "application/json")
        .end(Buffer.buffer(Json.bytes(state)));
  }

  private void metrics(HttpServerRequest request) {
    ExpositionFormatWriter format = FORMATS.findWriter(request.getHeader("Accept"));
    vertx
        .executeBlocking(() -> scrape(format))
        .onSuccess(
            text -> request.response().putHeader("Content-Type", format.getContentType()).end(text))
        .onFailure(broken -> request.response().setStatusCode(500).end());
  }

  private Buffer scrape(ExpositionFormatWriter format) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    format.write(text, registry.scrape());
    return Buffer.buffer(text.toByteArray());
  }
}
