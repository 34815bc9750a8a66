package dev.polyptych.worker.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** The management port: {@code /health/live}, {@code /health/ready}, {@code /metrics}. */
public final class ManagementServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService executor;

  /** Sources of the health endpoints. Called on a thread per request. */
  public record Health(BooleanSupplier live, BooleanSupplier ready) {}

  private ManagementServer(HttpServer server, ExecutorService executor) {
    this.server = server;
    this.executor = executor;
  }

  /**
   * @param address where it listens; port 0 for any free one
   * @throws UncheckedIOException when the port is taken, or the address is none of this machine's
   */
  public static ManagementServer start(
      InetSocketAddress address, Health health, PrometheusRegistry registry) {
    try {
      if (address.isUnresolved()) {
        throw new UnknownHostException("no such host");
      }
      HttpServer server = HttpServer.create(address, 0);
      ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
      server.setExecutor(executor);
      server.createContext("/metrics", new MetricsHandler(registry));
      server.createContext("/health/live", exchange -> answer(exchange, health.live()));
      server.createContext("/health/ready", exchange -> answer(exchange, health.ready()));
      server.start();
      return new ManagementServer(server, executor);
    } catch (IOException failed) {
      throw new UncheckedIOException(
          "can't listen on %s:%d (%s): end what does, or choose another with --set"
                  .formatted(address.getHostString(), address.getPort(), failed.getMessage())
              + " managementPort=… or --set bindHost=…",
          failed);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private static void answer(HttpExchange exchange, BooleanSupplier healthy) throws IOException {
    boolean yes = healthy.getAsBoolean();
    byte[] body = (yes ? "{\"status\":\"up\"}" : "{\"status\":\"down\"}").getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(yes ? 200 : 503, body.length);
    try (var stream = exchange.getResponseBody()) {
      stream.write(body);
    }
  }
}
