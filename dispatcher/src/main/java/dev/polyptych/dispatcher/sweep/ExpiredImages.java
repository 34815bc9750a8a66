package dev.polyptych.dispatcher.sweep;

import dev.polyptych.store.ExpiringObjects;
import dev.polyptych.store.PeriodicTask;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes images and references in the object store when their time is over. All dispatchers do
 * this. A deletion that two of them make changes nothing.
 */
public final class ExpiredImages implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExpiredImages.class);
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final int AT_ONCE = 100;

  private final ExpiringObjects images;
  private final Clock clock;
  private final PeriodicTask task = new PeriodicTask("expired-images", EVERY, this::round);

  public ExpiredImages(ExpiringObjects images, Clock clock) {
    this.images = images;
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
      // A full round has left some over.
      return images.deleteDue(clock.instant(), AT_ONCE) < AT_ONCE ? EVERY : Duration.ZERO;
    } catch (StoreUnavailableException | ObjectsUnavailableException away) {
      LOG.info("expired images are deleted later: {}", away.getMessage());
      return EVERY;
    } catch (RuntimeException bug) {
      LOG.error("deleting expired images failed; the next round follows", bug);
      return EVERY;
    }
  }
}
