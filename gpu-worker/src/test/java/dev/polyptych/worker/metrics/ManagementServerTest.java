package dev.polyptych.worker.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.worker.metrics.ManagementServer.Health;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class ManagementServerTest {
  private static final Health UP = new Health(() -> true, () -> true);

  /** Linux answers at each address of 127.0.0.0/8, so these two are two addresses everywhere. */
  @Test
  void itAnswersAtItsAddressAndAtNoOther() throws Exception {
    try (ManagementServer server = start("127.0.0.1", 0);
        HttpClient client = HttpClient.newHttpClient()) {
      URI live = URI.create("http://127.0.0.1:" + server.port() + "/health/live");

      assertEquals(
          200,
          client
              .send(HttpRequest.newBuilder(live).build(), BodyHandlers.discarding())
              .statusCode());
      assertThrows(ConnectException.class, () -> connect("127.0.0.2", server.port()));
    }
  }

  @Test
  void anAddressThatIsNotHeardNamesTheSettings() {
    try (ManagementServer server = start("127.0.0.1", 0)) {
      for (String host : new String[] {"127.0.0.1", "no-such-host.invalid"}) {
        UncheckedIOException failed =
            assertThrows(UncheckedIOException.class, () -> start(host, server.port()));

        assertTrue(failed.getMessage().contains("on " + host), failed.getMessage());
        assertTrue(failed.getMessage().contains("bindHost"), failed.getMessage());
      }
    }
  }

  private static ManagementServer start(String host, int port) {
    return ManagementServer.start(new InetSocketAddress(host, port), UP, new PrometheusRegistry());
  }

  private static void connect(String host, int port) throws IOException {
    new Socket(host, port).close();
  }
}
