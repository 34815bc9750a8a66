package dev.polyptych.dispatcher.metrics;

import dev.polyptych.schema.error.ErrorCode;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Duration;

/** The meters of one dispatcher; safe for any number of threads. */
public final class DispatcherMetrics {
  private final Counter requests;
  private final Histogram acceptSeconds;
  private final Counter admitted;
  private final Counter refused;
  private final Counter cancelled;
  private final Counter enqueueFailures;
  private final Gauge openStreams;
  private final Counter eventsSent;
  private final Counter stalledStreams;
  private final Gauge backendUp;

  public DispatcherMetrics(PrometheusRegistry registry) {
    requests =
        counter("requests", "Answered requests; code is the HTTP status", "operation", "code")
            .register(registry);
    acceptSeconds =
        Histogram.builder()
            .name(name("accept_seconds"))
            .help("From the head of a submission to its 202")
            .unit(Unit.SECONDS)
            .classicUpperBounds(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)
            .register(registry);
    admitted = counter("jobs_admitted", "Jobs answered with 202").register(registry);
    refused = counter("jobs_refused", "Refused submissions by code", "reason").register(registry);
    for (ErrorCode reason : ErrorCode.values()) {
      refused.initLabelValues(reason.name());
    }
    cancelled = counter("jobs_cancelled", "Jobs cancelled by their caller").register(registry);
    enqueueFailures =
        counter("enqueue_failures", "Records the broker did not acknowledge").register(registry);
    openStreams = gauge("event_streams_open", "Event streams being sent").register(registry);
    eventsSent = counter("events_sent", "Events sent to readers").register(registry);
    stalledStreams =
        counter("event_streams_stalled", "Event streams closed because their reader did not read")
            .register(registry);
    backendUp =
        gauge("backend_up", "1 when it answered the last probe", "backend").register(registry);
  }

  public void answered(String operation, int status) {
    requests.labelValues(operation, Integer.toString(status)).inc();
  }

  public void admitted(Duration took) {
    admitted.inc();
    acceptSeconds.observe(took.toNanos() / 1e9);
  }

  public void refused(ErrorCode reason) {
    refused.labelValues(reason.name()).inc();
  }

  public void cancelled() {
    cancelled.inc();
  }

  public void enqueueFailed() {
    enqueueFailures.inc();
  }

  public void streamOpened() {
    openStreams.inc();
  }

  public void streamClosed() {
    openStreams.dec();
  }

  public void streamStalled() {
    stalledStreams.inc();
  }

  public void eventSent() {
    eventsSent.inc();
  }

  public void backend(String backend, boolean up) {
    backendUp.labelValues(backend).set(up ? 1 : 0);
  }

  private static Counter.Builder counter(String name, String help, String... labels) {
    return Counter.builder().name(name(name)).help(help).labelNames(labels);
  }

  private static Gauge.Builder gauge(String name, String help, String... labels) {
    return Gauge.builder().name(name(name)).help(help).labelNames(labels);
  }

  private static String name(String name) {
    return "polyptych_dispatcher_" + name;
  }
}
