package dev.polyptych.worker.metrics;

import static dev.polyptych.worker.metrics.Meters.NANOS;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.RenderJob;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;

/** What happens to jobs after the render thread. Any thread. */
public final class PublishMetrics {
  private final Histogram encode;
  private final Histogram store;
  private final Histogram job;
  private final Counter sets;
  private final Counter panels;
  private final Counter staleFinishes;
  private final Counter retries;
  private final Counter deadLetters;
  private final Counter settledBefore;
  private final Counter stalls;
  private final Counter adopted;

  public PublishMetrics(PrometheusRegistry registry) {
    Meters meters = new Meters(registry);
    encode = meters.seconds("encode_seconds", "Cutting and encoding a set.");
    store = meters.seconds("publish_seconds", "Storing a set, including waits for Redis.");
    job = meters.seconds("job_seconds", "From a job's record to its stored images.", "lane");
    sets = meters.counter("sets_total", "Panel sets published.", "task");
    panels = meters.counter("panels_total", "Panels published.", "task");
    staleFinishes =
        meters.counter(
            "stale_finishes_total",
            "Finished sets that were not stored: cancelled, or no longer this worker's.");
    retries = meters.counter("retries_total", "Jobs produced again for another try.");
    deadLetters = meters.counter("dead_letters_total", "Dead letters by reason.", "code");
    settledBefore =
        meters.counter("settled_before_total", "Jobs that had ended when claimed.", "state");
    stalls =
        meters.counter("publish_stalls_total", "Times the render thread waited for publishing.");
    adopted =
        meters.counter(
            "adopted_total", "Jobs that Redis had lost, taken up from their records on Kafka.");
    for (Lane lane : Lane.values()) {
      job.initLabelValues(lane.text());
    }
    for (ErrorCode code : ErrorCode.values()) {
      deadLetters.initLabelValues(code.name());
    }
    for (JobState state : JobState.values()) {
      if (state.terminal()) {
        settledBefore.initLabelValues(state.text());
      }
    }
  }

  /** Starts the series at 0, so that a rate sees the first event. */
  public PublishMetrics expecting(List<String> tasks) {
    tasks.forEach(sets::initLabelValues);
    tasks.forEach(panels::initLabelValues);
    return this;
  }

  public void encoded(long nanos) {
    encode.observe(nanos * NANOS);
  }

  public void stored(long nanos) {
    store.observe(nanos * NANOS);
  }

  public void published(RenderJob rendered, Duration age) {
    sets.labelValues(rendered.task()).inc();
    panels.labelValues(rendered.task()).inc(rendered.layout().panels());
    job.labelValues(rendered.lane().text()).observe(age.toNanos() * NANOS);
  }

  public void staleFinish() {
    staleFinishes.inc();
  }

  public void retried() {
    retries.inc();
  }

  public void deadLetter(ErrorCode code) {
    deadLetters.labelValues(code.name()).inc();
  }

  public void settledBefore(JobState state) {
    settledBefore.labelValues(state.text()).inc();
  }

  public void stalled() {
    stalls.inc();
  }

  public void adopted() {
    adopted.inc();
  }
}
