package dev.polyptych.cli.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/**
 * The Prometheus that is installed, with our rules, looking at our processes; tests that ask for it
 * are skipped where there is none.
 */
final class PrometheusServer implements AutoCloseable {
  /** Two samples make a rate, so windows of minutes fill within seconds. */
  private static final String EVERY = "500ms";

  private static final String PROGRAM = "prometheus";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final URI address;

  /**
   * What is looked at.
   *
   * @param labels as the Prometheus operator adds them to what it finds
   */
  record Target(int port, Map<String, String> labels) {}

  private PrometheusServer(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** Skips the test where the program is absent. */
  static void assumeInstalled() {
    try {
      Process asked =
          new ProcessBuilder(PROGRAM, "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      asked.onExit().join();
    } catch (IOException absent) {
      String reason = "dashboards and rules are not tried: " + absent.getMessage();
      System.err.println(reason);
      Assumptions.abort(reason);
    }
  }

  /**
   * Starts and waits until it answers.
   *
   * @param folder for its data
   * @param rules a file of rule groups
   */
  static PrometheusServer start(Path folder, Path rules, Iterable<Target> targets)
      throws Exception {
    int port = FreePort.next();
    Path config = Files.writeString(folder.resolve("prometheus.yml"), config(rules, targets));
    Process process =
        new ProcessBuilder(
                PROGRAM,
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    PrometheusServer server = new PrometheusServer(process, URI.create("http://127.0.0.1:" + port));
    try {
      Await.until("Prometheus is ready", server::ready);
      return server;
    } catch (AssertionError late) {
      server.close();
      throw new AssertionError(Files.readString(folder.resolve("prometheus.log")), late);
    }
  }

  /** Whether an expression has a value now that is a number. */
  boolean hasData(String expression) {
    JsonNode answer = get("/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8));
    return answer
        .at("/data/result")
        .valueStream()
        .map(series -> series.at("/value/1").asText())
        .anyMatch(value -> !value.isEmpty() && !value.equals("NaN"));
  }

  /** The data of one of its answers. */
  JsonNode get(String path) {
    HttpResponse<String> answer = send(path);
    try {
      JsonNode body = Json.mapper().readTree(answer.body());
      if (!body.path("status").asText().equals("success")) {
        throw new AssertionError(path + ": " + answer.body());
      }
      return body;
    } catch (IOException broken) {
      throw new UncheckedIOException(answer.body(), broken);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean ready() {
    try {
      return send("/-/ready").statusCode() == 200;
    } catch (UncheckedIOException notYet) {
      if (!process.isAlive() || !(notYet.getCause() instanceof ConnectException)) {
        throw notYet;
      }
      return false;
    }
  }

  private HttpResponse<String> send(String path) {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create(address + path)).build(), BodyHandlers.ofString());
    } catch (IOException away) {
      throw new UncheckedIOException(away);
    } catch (InterruptedException stopping) {
      throw new IllegalStateException(stopping);
    }
  }

  private static String config(Path rules, Iterable<Target> targets) {
    StringBuilder config = new StringBuilder();
    config.append(
        """
        global: {scrape_interval: %1$s, scrape_timeout: %1$s, evaluation_interval: %1$s}
        rule_files: ['%2$s']
        scrape_configs:
          - job_name: polyptych
            static_configs:
        """
            .formatted(EVERY, rules));
    for (Target target : targets) {
      String labels =
          target.labels().entrySet().stream()
              .map(label -> label.getKey() + ": '" + label.getValue() + "'")
              .collect(Collectors.joining(", "));
      config.append(
          "      - {targets: ['127.0.0.1:%d'], labels: {%s}}\n".formatted(target.port(), labels));
    }
    return config.toString();
  }
}
