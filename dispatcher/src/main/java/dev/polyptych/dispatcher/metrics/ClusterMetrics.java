package dev.polyptych.dispatcher.metrics;

import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.job.Lane;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The cluster as this dispatcher sees it. All dispatchers export the same values: aggregate with
 * max, never with sum. Unknown values are not exported.
 */
public final class ClusterMetrics {
  private static final String BASE = "base";

  /** Label of workers that are of none of the bases; it keeps the labels bounded. */
  private static final String NO_BASE = "";

  private final Gauge backlog;
  private final Gauge gpuSeconds;
  private final Gauge lanesUp;
  private final Gauge workers;
  private final Counter everStuck;
  private Set<String> seenStuck = Set.of();

  private enum State {
    READY,
    LOADING,
    STUCK,
    OTHER_BASE;

    /** Of a worker whose base is served. */
    static State of(WorkerHeartbeat worker) {
      if (worker.stuck()) {
        return STUCK;
      }
      if (worker.abilities().refusedWeights().isPresent()) {
        return OTHER_BASE;
      }
      return worker.loading() ? LOADING : READY;
    }
  }

  public ClusterMetrics(PrometheusRegistry registry) {
    backlog =
        Gauge.builder()
            .name("polyptych_dispatcher_backlog_jobs")
            .help("Jobs on a lane that are not settled, those being rendered included")
            .labelNames(BASE, "lane")
            .register(registry);
    gpuSeconds =
        Gauge.builder()
            .name("polyptych_dispatcher_outstanding_gpu_seconds")
            .help(
                "Estimated for the backlog; not there for jobs before any worker has measured one")
            .labelNames(BASE, "lane")
            .register(registry);
    lanesUp =
        Gauge.builder()
            .name("polyptych_dispatcher_lanes_up")
            .help("1 if the lanes of the base were seen at the last look; 0: its jobs are refused")
            .labelNames(BASE)
            .register(registry);
    workers =
        Gauge.builder()
            .name("polyptych_dispatcher_workers")
            .help(
                "Live workers by state: ready, loading their model, stuck, or other_base: of a base"
                    + " that no jobs are accepted for, or with weights that it does not accept")
            .labelNames(BASE, "state")
            .register(registry);
    everStuck =
        Counter.builder()
            .name("polyptych_dispatcher_stuck_workers_total")
            .help("Workers whose device stopped answering; each ends and is to be started afresh")
            .register(registry);
  }

  /** Whether the lanes of a base were seen. */
  public void lanes(String base, boolean up) {
    lanesUp.labelValues(base).set(up ? 1 : 0);
  }

  /**
   * @param seconds GPU-seconds that the jobs take
   */
  public void backlog(String base, Lane lane, long jobs, OptionalDouble seconds) {
    backlog.labelValues(base, lane.text()).set((double) jobs);
    if (seconds.isPresent()) {
      gpuSeconds.labelValues(base, lane.text()).set(seconds.getAsDouble());
    } else {
      gpuSeconds.remove(base, lane.text());
    }
  }

  /**
   * Called by one thread.
   *
   * @param bases ids of those whose jobs the dispatcher accepts
   */
  public void workers(List<WorkerHeartbeat> live, Set<String> bases) {
    for (String base : bases) {
      List<WorkerHeartbeat> own =
          live.stream().filter(worker -> worker.model().equals(base)).toList();
      for (State state : State.values()) {
        count(base, state, own.stream().filter(worker -> State.of(worker) == state).count());
      }
    }
    count(
        NO_BASE,
        State.OTHER_BASE,
        live.stream().filter(worker -> !bases.contains(worker.model())).count());
    Set<String> stuck =
        live.stream()
            .filter(WorkerHeartbeat::stuck)
            .map(WorkerHeartbeat::id)
            .collect(Collectors.toSet());
    stuck.stream().filter(id -> !seenStuck.contains(id)).forEach(id -> everStuck.inc());
    seenStuck = stuck;
  }

  private void count(String base, State state, long count) {
    workers.labelValues(base, state.name().toLowerCase(Locale.ROOT)).set((double) count);
  }

  public void unseen() {
    backlog.clear();
    gpuSeconds.clear();
    lanesUp.clear();
    workers.clear();
  }
}
