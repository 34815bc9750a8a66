package dev.polyptych.dispatcher.sweep;

import dev.polyptych.dispatcher.enqueue.LaneWriter;
import dev.polyptych.store.OpenJobs;
import dev.polyptych.store.PeriodicTask;
import dev.polyptych.store.Reservations;
import dev.polyptych.store.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sweeps once a second on its own virtual thread while it holds the lease, so only one dispatcher
 * sweeps. If two dispatchers both believe that they hold it, a forgotten job is still produced only
 * once.
 */
public final class Sweeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** The pause while more jobs are due than one round can look at. */
  private static final Duration AGAIN = Duration.ofMillis(100);

  private static final Duration LEASE = Duration.ofSeconds(15);

  private final String holder = UUID.randomUUID().toString();
  private final OpenJobs open;
  private final LaneWriter lanes;
  private final LostStates lost;
  private final Sweep sweep;
  private final Reservations reservations;
  private final Clock clock;
  private final PeriodicTask rounds = new PeriodicTask("sweeper", EVERY, this::round);

  /** How far the repair of reservations has advanced. The sweeper's thread only. */
  private String repaired = "0";

  public Sweeper(
      LostStates lost,
      Sweep sweep,
      OpenJobs open,
      Reservations reservations,
      LaneWriter lanes,
      Clock clock) {
    this.lost = lost;
    this.sweep = sweep;
    this.open = open;
    this.reservations = reservations;
    this.lanes = lanes;
    this.clock = clock;
  }

  public void start() {
    rounds.start();
  }

  /** Stops after the current round. It waits only briefly for that round. */
  @Override
  public void close() {
    rounds.close();
  }

  /** Without a broker no job can be produced again, and marking a job as swept would delay it. */
  private Duration round() throws InterruptedException {
    try {
      if (lanes.ready() && open.lease(holder, LEASE)) {
        lost.round();
        int looks = sweep.round();
        repaired = reservations.repair(repaired, clock.instant());
        return looks < Sweep.AT_MOST ? EVERY : AGAIN;
      }
    } catch (StoreUnavailableException away) {
      LOG.debug("no sweep: {}", away.getMessage());
    } catch (RuntimeException bug) {
      LOG.error("a sweep failed; the next one follows", bug);
    }
    return EVERY;
  }
}
