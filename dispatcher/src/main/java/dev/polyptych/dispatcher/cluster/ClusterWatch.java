package dev.polyptych.dispatcher.cluster;

import dev.polyptych.dispatcher.metrics.ClusterMetrics;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.store.PeriodicTask;
import dev.polyptych.store.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the cluster once a second, on its own virtual thread. If a look fails, all views are
 * unknown: no estimate is better than an old one.
 */
public final class ClusterWatch implements ClusterViews, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Supplier<Set<String>> bases;
  private final Function<Set<String>, List<WorkerHeartbeat>> workers;
  private final ClusterMetrics metrics;
  private final Clock clock;
  private final PeriodicTask rounds = new PeriodicTask("cluster-watch", Duration.ZERO, this::look);

  /** Set before the rounds start. */
  private PositionSource lanes;

  private volatile Map<String, ClusterView> views = Map.of();

  /**
   * @param bases returns the ids of the bases whose jobs the dispatcher accepts; may throw {@link
   *     StoreUnavailableException}
   * @param workers returns the live workers, given those bases; may throw {@link
   *     StoreUnavailableException}
   */
  public ClusterWatch(
      Supplier<Set<String>> bases,
      Function<Set<String>, List<WorkerHeartbeat>> workers,
      ClusterMetrics metrics,
      Clock clock) {
    this.bases = bases;
    this.workers = workers;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Call this once. */
  public void start(PositionSource positions) {
    lanes = positions;
    rounds.start();
  }

  @Override
  public ClusterView of(String base) {
    return views.getOrDefault(base, ClusterView.UNKNOWN);
  }

  /** Stops after the current look. It waits only briefly for that look. */
  @Override
  public void close() {
    rounds.close();
  }

  private Duration look() throws InterruptedException {
    try {
      look(clock.instant());
    } catch (StoreUnavailableException away) {
      LOG.debug("no look at the workers: {}", away.getMessage());
      views = Map.of();
    } catch (RuntimeException bug) {
      LOG.error("a look at the cluster failed; the next one follows", bug);
      views = Map.of();
    }
    if (views.isEmpty()) {
      metrics.unseen();
    } else {
      views.forEach(this::export);
    }
    return EVERY;
  }

  private void look(Instant at) throws InterruptedException {
    Set<String> served = bases.get();
    List<WorkerHeartbeat> live = workers.apply(served);
    Map<String, LanePositions> positions = lanes.positions();
    Map<String, ClusterView> seen = new HashMap<>();
    for (String base : served) {
      metrics.lanes(base, positions.containsKey(base));
      if (positions.containsKey(base)) {
        List<WorkerHeartbeat> own =
            live.stream().filter(worker -> worker.model().equals(base)).toList();
        seen.put(base, ClusterView.of(own, positions.get(base), at));
      }
    }
    views = seen;
    metrics.workers(live, served);
  }

  private void export(String base, ClusterView view) {
    for (Lane lane : Lane.values()) {
      metrics.backlog(base, lane, view.positions().jobs(lane), view.gpuSeconds(lane));
    }
  }
}
