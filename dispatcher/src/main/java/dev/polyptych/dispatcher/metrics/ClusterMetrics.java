package dev.polyptych.dispatcher.metrics;

import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.job.Lane;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The cluster as this dispatcher sees it. All dispatchers export the same values: aggregate with
 * max, never with sum. Unknown values are not exported.
 */
public final class ClusterMetrics {
  private final Gauge backlog;
  private final Gauge gpuSeconds;
  private final Gauge workers;
  private final Counter everStuck;
  private Set<String> seenStuck = Set.of();

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
            .help(
                "Live workers by state: ready, loading their model, of another base than the"
                    + " catalog's or with weights that it does not accept, or stuck")
            .labelNames("state")
            .register(registry);
    everStuck =
        Counter.builder()
            .name("polyptych_dispatcher_stuck_workers_total")
            .help("Workers whose device stopped answering; each ends and is to be started afresh")
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

  /** Called by one thread. */
  public void workers(List<WorkerHeartbeat> live, String base) {
    long loading = live.stream().filter(WorkerHeartbeat::loading).count();
    long other = live.stream().filter(worker -> other(worker, base)).count();
    List<WorkerHeartbeat> stuck = live.stream().filter(WorkerHeartbeat::stuck).toList();
    workers.labelValues("loading").set((double) loading);
    workers.labelValues("other_base").set((double) other);
    workers.labelValues("stuck").set(stuck.size());
    workers.labelValues("ready").set((double) (live.size() - loading - other - stuck.size()));
    Set<String> ids = stuck.stream().map(WorkerHeartbeat::id).collect(Collectors.toSet());
    ids.stream().filter(id -> !seenStuck.contains(id)).forEach(id -> everStuck.inc());
    seenStuck = ids;
  }

  private static boolean other(WorkerHeartbeat worker, String base) {
    boolean refused = worker.abilities().refusedWeights().isPresent();
    return !worker.loading() && !worker.stuck() && (refused || !worker.model().equals(base));
  }

  public void unseen() {
    backlog.clear();
    gpuSeconds.clear();
    workers.clear();
  }
}
