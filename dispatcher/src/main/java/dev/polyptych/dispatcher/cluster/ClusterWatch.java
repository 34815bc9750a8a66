package dev.polyptych.dispatcher.cluster;

import dev.polyptych.dispatcher.metrics.ClusterMetrics;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.store.PeriodicTask;
import dev.polyptych.store.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the cluster once a second, on its own virtual thread. If a look fails, the view is
 * unknown: no estimate is better than an old one.
 */
public final class ClusterWatch implements Supplier<ClusterView>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Supplier<List<WorkerHeartbeat>> workers;
  private final String base;
  private final ClusterMetrics metrics;
  private final Clock clock;
  private final PeriodicTask rounds = new PeriodicTask("cluster-watch", Duration.ZERO, this::look);

  /** Set before the rounds start. */
  private PositionSource lanes;

  private volatile ClusterView view = ClusterView.UNKNOWN;

  /**
   * @param workers returns the live workers; may throw {@link StoreUnavailableException}
   * @param base id of the catalog's model
   */
  public ClusterWatch(
      Supplier<List<WorkerHeartbeat>> workers, String base, ClusterMetrics metrics, Clock clock) {
    this.workers = workers;
    this.base = base;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Call this once. */
  public void start(PositionSource positions) {
    lanes = positions;
    rounds.start();
  }

  /** The latest view. Never blocks. */
  @Override
  public ClusterView get() {
    return view;
  }

  /** Stops after the current look. It waits only briefly for that look. */
  @Override
  public void close() {
    rounds.close();
  }

  private Duration look() throws InterruptedException {
    try {
      Instant at = clock.instant();
      List<WorkerHeartbeat> all = workers.get();
      view =
          ClusterView.of(
              all.stream().filter(worker -> worker.model().equals(base)).toList(),
              lanes.positions(),
              at);
      metrics.workers(all, base);
    } catch (StoreUnavailableException away) {
      LOG.debug("no look at the workers: {}", away.getMessage());
      view = ClusterView.UNKNOWN;
    } catch (RuntimeException bug) {
      LOG.error("a look at the cluster failed; the next one follows", bug);
      view = ClusterView.UNKNOWN;
    }
    if (view.known()) {
      for (Lane lane : Lane.values()) {
        metrics.backlog(lane, view.positions().jobs(lane), view.gpuSeconds(lane));
      }
    } else {
      metrics.unseen();
    }
    return EVERY;
  }
}
