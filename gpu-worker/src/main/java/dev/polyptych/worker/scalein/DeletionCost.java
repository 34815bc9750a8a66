package dev.polyptych.worker.scalein;

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
 * Keeps the deletion cost of this worker's pod at its {@link ScaleInCost}, from a virtual thread of
 * its own. Without the API server scaling in is blind, and nothing else is amiss.
 */
public final class DeletionCost implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeletionCost.class);
  private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
  private static final Duration EVERY = Duration.ofSeconds(10);

  private final OwnPod pod;
  private final Workers workers;
  private final Clock clock;
  private final Duration every;
  private final ScaleInCost worth = new ScaleInCost();
  private final PeriodicTask rounds = new PeriodicTask("deletion-cost", Duration.ZERO, this::look);
  private boolean warned;

  /**
   * Whom it compares.
   *
   * @param live may throw {@link StoreUnavailableException}
   */
  public record Workers(Supplier<WorkerHeartbeat> self, Supplier<List<WorkerHeartbeat>> live) {}

  DeletionCost(OwnPod pod, Workers workers, Clock clock, Duration every) {
    this.pod = pod;
    this.workers = workers;
    this.clock = clock;
    this.every = every;
  }

  /**
   * Empty outside Kubernetes, and in a pod that has no token of the API server.
   *
   * @param name of the pod, which is the worker's id
   */
  public static Optional<DeletionCost> inCluster(String name, Workers workers, Clock clock) {
    return inCluster(System.getenv(), ACCOUNT, name)
        .map(pod -> new DeletionCost(pod, workers, clock, EVERY));
  }

  private static Optional<OwnPod> inCluster(
      Map<String, String> environment, Path account, String name) {
    try {
      return OwnPod.find(environment, account, name);
    } catch (IOException unreadable) {
      LOG.warn("scaling in is blind to this worker: {}", unreadable.toString());
      return Optional.empty();
    }
  }

  public void start() {
    rounds.start();
  }

  @Override
  public void close() {
    rounds.close();
    pod.close();
  }

  private Duration look() throws InterruptedException {
    try {
      int now = ScaleInCost.of(workers.self().get(), workers.live().get());
      if (worth.due(now, clock.instant())) {
        pod.deletionCost(now);
        worth.told(now);
        warned = false;
      }
    } catch (StoreUnavailableException away) {
      LOG.debug("no look at the other workers: {}", away.getMessage());
    } catch (IOException refused) {
      if (!warned && !rounds.closing()) {
        LOG.warn("scaling in is blind to this worker: {}", refused.toString());
      }
      warned = true;
    }
    return every;
  }
}
