package dev.polyptych.dispatcher.registry;

import dev.polyptych.store.PeriodicTask;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import dev.polyptych.store.registry.AdapterSweep;
import dev.polyptych.store.registry.Registry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the registry's index as the object store says, after the start and after Redis lost writes,
 * and deletes the bytes of adapters that no version names any more. All dispatchers do this.
 */
public final class RegistryUpkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryUpkeep.class);
  private static final Duration EVERY = Duration.ofMinutes(5);
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final Registry registry;
  private final AdapterSweep sweep;
  private final Duration grace;
  private final Clock clock;
  private final PeriodicTask task = new PeriodicTask("registry-upkeep", EVERY, this::round);

  /**
   * @param grace how long bytes stay after their last version was removed; longer than a job may
   *     wait
   */
  public RegistryUpkeep(Registry registry, AdapterSweep sweep, Duration grace, Clock clock) {
    this.registry = registry;
    this.sweep = sweep;
    this.grace = grace;
    this.clock = clock;
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
      if (registry.rebuild()) {
        LOG.info("the registry's index was made anew from the object store");
      }
      List<String> deleted = sweep.sweep(clock.instant(), grace);
      if (!deleted.isEmpty()) {
        LOG.info(
            "deleted the bytes of {} adapters that were removed before: {}",
            deleted.size(),
            deleted);
      }
      return EVERY;
    } catch (StoreUnavailableException | ObjectsUnavailableException away) {
      LOG.info("the registry is looked after later: {}", away.getMessage());
      return AGAIN;
    } catch (RuntimeException bug) {
      LOG.error("looking after the registry failed; the next round follows", bug);
      return EVERY;
    }
  }
}
