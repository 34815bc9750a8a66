package dev.polyptych.dispatcher.sweep;

import dev.polyptych.dispatcher.cluster.ClusterView;
import dev.polyptych.dispatcher.enqueue.KafkaLanes;
import dev.polyptych.dispatcher.enqueue.LaneConsumers;
import dev.polyptych.dispatcher.enqueue.LaneRecords;
import dev.polyptych.dispatcher.metrics.RoutingMetrics;
import dev.polyptych.dispatcher.metrics.SweepMetrics;
import dev.polyptych.dispatcher.placement.RoutesByBase;
import dev.polyptych.policy.reconcile.ClusterState;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.store.Adoption;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.OpenJobs;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.StoreContinuity;
import dev.polyptych.store.StoredRequests;
import dev.polyptych.store.WorkerDirectory;
import io.opentelemetry.api.OpenTelemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Does on demand what the sweep of a dispatcher does by itself: makes states anew that Redis has
 * lost, and produces jobs again whose records are lost. Blocks.
 */
public final class StoreRepair implements AutoCloseable {
  /** A job is given this time more than the two looks are apart. */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private static final Duration NEVER = Duration.ofDays(365);

  private final KafkaLanes lanes;
  private final OpenJobs open;
  private final LostStates lost;
  private final Reconciler reconciler;

  /**
   * @param redis stays open
   * @param catalog of the cluster's dispatchers
   * @throws IOException when the broker does not answer, or lacks the lanes
   */
  public StoreRepair(
      String bootstrapServers,
      KafkaSecurity security,
      RedisConnection redis,
      Retention retention,
      Catalog catalog,
      Clock clock)
      throws IOException, InterruptedException {
    PrometheusRegistry registry = new PrometheusRegistry();
    SweepMetrics metrics = new SweepMetrics(registry);
    JobStore store = new JobStore(redis, retention);
    this.open = new OpenJobs(redis, retention);
    this.lanes =
        new KafkaLanes(
            bootstrapServers,
            security,
            () -> Map.of(catalog.model(), 1),
            OpenTelemetry.noop().getTracer("dev.polyptych.dispatcher"));
    Optional<String> problem = lanes.problem();
    if (problem.isPresent()) {
      lanes.close();
      throw new IOException(problem.get());
    }
    MissingRecords records =
        new MissingRecords(
            store,
            new StoredRequests(redis),
            new JobResolver(catalog),
            new RoutesByBase(
                catalog, base -> ClusterView.UNKNOWN, new RoutingMetrics(registry), clock),
            lanes);
    this.reconciler =
        new Reconciler(open, new WorkerDirectory(redis), lanes::windows, records, metrics);
    this.lost =
        new LostStates(
            new StoreContinuity(redis),
            new Adoption(redis, store, retention, clock),
            store,
            catalog,
            lanes::windows,
            new LaneRecords(new LaneConsumers(bootstrapServers, security)),
            metrics,
            clock);
  }

  /**
   * Adopts every job on the lanes that Redis does not know. Returns how many.
   *
   * @throws IOException when the broker does not answer
   */
  public int adopt() throws IOException, InterruptedException {
    return lost.recover(Instant.EPOCH)
        .orElseThrow(() -> new IOException("the broker does not answer; repair again"));
  }

  /**
   * Produces jobs again that no worker will get, or ends them. Looks at them twice, some time
   * apart.
   *
   * @param ids of open jobs
   * @param progress gets what it waits for
   */
  public void reconcile(Collection<String> ids, Consumer<String> progress)
      throws InterruptedException {
    look(ids);
    progress.accept(
        "looking at %d jobs again in %d s".formatted(ids.size(), Reconciler.LEASE.toSeconds()));
    TimeUnit.MILLISECONDS.sleep(Reconciler.LEASE.plus(MARGIN).toMillis());
    look(ids);
  }

  private void look(Collection<String> ids) throws InterruptedException {
    Optional<ClusterState> state = reconciler.state();
    for (String id : ids) {
      OpenJobs.Look look = open.look(id, NEVER, Reconciler.LEASE);
      if (state.isPresent() && look.job().isPresent()) {
        reconciler.look(look.job().get(), state.get());
      }
    }
  }

  @Override
  public void close() {
    lanes.close();
  }
}
