package dev.polyptych.cli.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.OpenTelemetry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private static final String ENDPOINT = "otel.exporter.otlp.endpoint";

  @Test
  void spansGoNowhereUnlessTheEnvironmentAsksForThem() {
    assertSame(OpenTelemetry.noop(), Telemetry.of("test", Map.of()).api());
    assertFalse(
        Telemetry.wanted(
            Map.of("OTEL_TRACES_EXPORTER", "none", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://x")));
    assertTrue(Telemetry.wanted(Map.of("OTEL_TRACES_EXPORTER", "otlp")));
    assertTrue(Telemetry.wanted(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x")));
  }

  @Test
  void whatIsLeftIsSentOverHttpWhenItCloses() throws Exception {
    List<String> received = new CopyOnWriteArrayList<>();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          received.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    // The SDK reads properties as it reads the environment, which a test can't change.
    System.setProperty(ENDPOINT, "http://127.0.0.1:" + collector.getAddress().getPort());
    try (Telemetry telemetry = Telemetry.of("a-service", Map.of("OTEL_TRACES_EXPORTER", "otlp"))) {
      telemetry.api().getTracer("test").spanBuilder("a-span").startSpan().end();
    } finally {
      System.clearProperty(ENDPOINT);
      collector.stop(0);
    }

    assertEquals(1, received.size());
    assertTrue(received.getFirst().contains("a-span"));
    assertTrue(received.getFirst().contains("a-service"));
  }
}
