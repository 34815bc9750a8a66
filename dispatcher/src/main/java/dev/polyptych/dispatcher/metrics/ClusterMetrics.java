package dev.polyptych.dispatcher.metrics;

import dev.polyptych.schema.job.Lane;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.OptionalDouble;

/**
 * The cluster as this dispatcher sees it. All dispatchers export the same values: aggregate with
 * max, never with sum. Unknown values are not exported.
 */
public final class ClusterMetrics {
  private final Gauge backlog;
  private final Gauge gpuSeconds;
  private final Gauge workers;

  public ClusterMetrics(PrometheusRegistry registry) {
    backlog =
        Gauge.builder()
            .name("polyptych_dispatcher_backlog_jobs")
            .help("Jobs on a lane that are not settled, those being rendered included")
            .labelNames("lane")
            .register(registry);
    gpuSeconds =
        Gauge.builder()
            .name("polyptych_dispatcher_outstanding_gpu_seconds")
            .help("Estimated for the backlog; not there before any worker has measured a job")
            .labelNames("lane")
            .register(registry);
    workers =
        Gauge.builder()
            .name("polyptych_dispatcher_workers")
            .help("Live workers by whether they take jobs or still load their model")
            .labelNames("state")
            .register(registry);
  }

  /**
   * @param seconds GPU-seconds that the jobs take
   */
  public void backlog(Lane lane, long jobs, OptionalDouble seconds) {
    backlog.labelValues(lane.text()).set((double) jobs);
    if (seconds.isPresent()) {
      gpuSeconds.labelValues(lane.text()).set(seconds.getAsDouble());
    } else {
      gpuSeconds.remove(lane.text());
    }
  }

  public void workers(int ready, int loading) {
    workers.labelValues("ready").set(ready);
    workers.labelValues("loading").set(loading);
  }

  public void unseen() {
    backlog.clear();
    gpuSeconds.clear();
    workers.clear();
  }
}
