package dev.polyptych.worker.fleet;

import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.store.PeriodicTask;
import dev.polyptych.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the deletion cost of this worker's pod at its {@link ScaleInCost}, on its own virtual
 * thread. Without the API server scale-in ignores the cost; nothing else is affected.
 */
public final class DeletionCost implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeletionCost.class);
  private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
  private static final Duration EVERY = Duration.ofSeconds(10);

  private final OwnPod pod;
  private final Supplier<WorkerHeartbeat> self;
  private final Supplier<List<WorkerHeartbeat>> live;
  private final Clock clock;
  private final Duration every;
  private final ScaleInCost cost = new ScaleInCost();
  private final PeriodicTask task = new PeriodicTask("deletion-cost", Duration.ZERO, this::look);
  private boolean warned;

  /**
   * @param live all workers; may throw {@link StoreUnavailableException}
   */
  DeletionCost(
      OwnPod pod,
      Supplier<WorkerHeartbeat> self,
      Supplier<List<WorkerHeartbeat>> live,
      Clock clock,
      Duration every) {
    this.pod = pod;
    this.self = self;
    this.live = live;
    this.clock = clock;
    this.every = every;
  }

  /**
   * Empty outside Kubernetes, and in a pod that has no token of the API server.
   *
   * @param name of the pod, which is the worker's id
   * @param live all workers; may throw {@link StoreUnavailableException}
   */
  public static Optional<DeletionCost> inCluster(
      String name,
      Supplier<WorkerHeartbeat> self,
      Supplier<List<WorkerHeartbeat>> live,
      Clock clock) {
    return inCluster(System.getenv(), ACCOUNT, name)
        .map(pod -> new DeletionCost(pod, self, live, clock, EVERY));
  }

  private static Optional<OwnPod> inCluster(
      Map<String, String> environment, Path account, String name) {
    try {
      return OwnPod.find(environment, account, name);
    } catch (IOException unreadable) {
      LOG.warn("scale-in does not know the cost of this worker: {}", unreadable.toString());
      return Optional.empty();
    }
  }

  public void start() {
    task.start();
  }

  @Override
  public void close() {
    task.close();
    pod.close();
  }

  private Duration look() throws InterruptedException {
    try {
      int now = ScaleInCost.of(self.get(), live.get());
      if (cost.due(now, clock.instant())) {
        pod.deletionCost(now);
        cost.written(now);
        warned = false;
      }
    } catch (StoreUnavailableException away) {
      LOG.debug("the other workers can't be read: {}", away.getMessage());
    } catch (IOException refused) {
      if (!warned && !task.closing()) {
        LOG.warn("scale-in does not know the cost of this worker: {}", refused.toString());
      }
      warned = true;
    }
    return every;
  }
}
