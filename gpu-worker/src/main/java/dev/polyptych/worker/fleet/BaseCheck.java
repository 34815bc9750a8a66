package dev.polyptych.worker.fleet;

import dev.polyptych.store.PeriodicTask;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.store.WorkerDirectory;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this worker's base with the dispatchers'. A worker of another base gets no jobs, so it
 * says so at its start and whenever that changes.
 */
public final class BaseCheck implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BaseCheck.class);
  private static final Duration EVERY = Duration.ofSeconds(10);

  private final WorkerDirectory directory;
  private final String base;
  private final PeriodicTask task = new PeriodicTask("base-check", Duration.ZERO, this::round);

  /** Used by the task alone. */
  private Set<String> last = Set.of();

  /**
   * @param base id of the model that this worker draws with
   */
  public BaseCheck(WorkerDirectory directory, String base) {
    this.directory = directory;
    this.base = base;
  }

  public void start() {
    task.start();
  }

  @Override
  public void close() {
    task.close();
  }

  private Duration round() {
    try {
      Set<String> bases = directory.bases();
      if (!bases.equals(last) && !bases.isEmpty() && !bases.contains(base)) {
        LOG.error(
            "this worker draws with {} and the dispatchers accept jobs for {}, so it gets none;"
                + " start it with their model and --set catalog={}",
            base,
            String.join(", ", bases),
            bases.iterator().next());
      }
      last = bases;
    } catch (StoreUnavailableException away) {
      LOG.debug("the dispatchers' bases can't be read: {}", away.getMessage());
    }
    return EVERY;
  }
}
