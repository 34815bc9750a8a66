package dev.polyptych.cli.command;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The OpenTelemetry SDK of a process. It records spans only when {@code OTEL_TRACES_EXPORTER} names
 * an exporter or an OTLP endpoint is given. The SDK reads all other {@code OTEL_*} variables
 * itself. Closing this sends the remaining spans.
 */
record Telemetry(OpenTelemetry api) implements AutoCloseable {
  private static final Duration FLUSH = Duration.ofSeconds(2);

  /** Each of them, if set, turns spans on. */
  private static final List<String> ENDPOINTS =
      List.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");

  private static final String EXPORTER = "OTEL_TRACES_EXPORTER";

  /** Records nothing. */
  public static Telemetry off() {
    return new Telemetry(OpenTelemetry.noop());
  }

  /**
   * @param service the default of the service name
   * @param environment variables of the process
   */
  public static Telemetry of(String service, Map<String, String> environment) {
    return wanted(environment) ? new Telemetry(sdk(service)) : off();
  }

  @Override
  public void close() {
    if (api instanceof OpenTelemetrySdk sdk) {
      sdk.shutdown().join(FLUSH.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  static boolean wanted(Map<String, String> environment) {
    String exporter = environment.getOrDefault(EXPORTER, "");
    return exporter.isEmpty()
        ? ENDPOINTS.stream().anyMatch(key -> !environment.getOrDefault(key, "").isEmpty())
        : !exporter.equals("none");
  }

  /** Metrics are Prometheus's, logs the console's; the JDK's client speaks OTLP over HTTP only. */
  private static OpenTelemetry sdk(String service) {
    Map<String, String> defaults =
        Map.of(
            "otel.service.name",
            service,
            "otel.metrics.exporter",
            "none",
            "otel.logs.exporter",
            "none",
            "otel.exporter.otlp.protocol",
            "http/protobuf");
    return AutoConfiguredOpenTelemetrySdk.builder()
        .addPropertiesSupplier(() -> defaults)
        .disableShutdownHook()
        .build()
        .getOpenTelemetrySdk();
  }
}
