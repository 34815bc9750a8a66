package dev.polyptych.worker.render;

import dev.polyptych.store.Claim;
import dev.polyptych.store.Claimant;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.intake.LocalQueue;
import dev.polyptych.worker.trace.JobLog;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims chosen jobs in the job store. Render thread only. */
public final class Claims {
  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

  /** Wait after a claim that Redis did not answer. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final String worker;
  private final JobStore store;
  private final LocalQueue queue;
  private final Function<Delivery, Duration> renderTime;

  /**
   * @param worker the id under which jobs are claimed
   * @param renderTime how long a job takes; zero when that is not known
   */
  public Claims(
      String worker, JobStore store, LocalQueue queue, Function<Delivery, Duration> renderTime) {
    this.worker = worker;
    this.store = store;
    this.queue = queue;
    this.renderTime = renderTime;
  }

  /** Empty when Redis does not answer. Then the job and all others wait. */
  Optional<Claim> claim(Delivery delivery) throws InterruptedException {
    try {
      Claim claim = claimed(delivery);
      if (claim instanceof Claim.Unknown && delivery.headers().direct()) {
        store.adopt(NewJob.of(delivery.job(), delivery.record().tenant()));
        claim = claimed(delivery);
      }
      return Optional.of(claim);
    } catch (StoreUnavailableException away) {
      JobLog.about(LOG.atWarn(), delivery.id()).log("can't be claimed: {}", away.getMessage());
      queue.putBack(delivery);
      queue.take(ready -> Optional.empty(), RETRY_AFTER);
      return Optional.empty();
    }
  }

  private Claim claimed(Delivery delivery) {
    return store.claim(
        delivery.id(),
        new Claimant(
            worker,
            renderTime.apply(delivery),
            Optional.of(delivery.tenant()),
            Optional.of(delivery.headers().version())));
  }
}
