package dev.polyptych.worker.render;

import dev.polyptych.store.Claim;
import dev.polyptych.store.Claimant;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.trace.JobLog;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the job store for the jobs that were chosen. Render thread only. */
final class Claims {
  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

  /** Between two questions while Redis does not answer. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

  private final RenderLoop.Desk desk;
  private final LocalQueue room;
  private final Function<Delivery, Duration> renderTime;

  Claims(RenderLoop.Desk desk, LocalQueue room, Function<Delivery, Duration> renderTime) {
    this.desk = desk;
    this.room = room;
    this.renderTime = renderTime;
  }

  /** Empty when Redis does not answer: the job waits on, and everything else with it. */
  Optional<Claim> claim(Delivery delivery) throws InterruptedException {
    try {
      Claim claim = claimed(delivery);
      if (claim instanceof Claim.Unknown && delivery.headers().direct()) {
        desk.store().adopt(delivery.job(), delivery.record().tenant(), delivery.record().request());
        claim = claimed(delivery);
      }
      return Optional.of(claim);
    } catch (StoreUnavailableException away) {
      JobLog.about(LOG.atWarn(), delivery.id()).log("can't be claimed: {}", away.getMessage());
      room.putBack(delivery);
      room.take(nobody -> Optional.empty(), ASK_AGAIN);
      return Optional.empty();
    }
  }

  private Claim claimed(Delivery delivery) {
    return desk.store()
        .claim(
            delivery.id(),
            new Claimant(
                desk.worker(),
                renderTime.apply(delivery),
                Optional.of(delivery.tenant()),
                Optional.of(delivery.headers().edition())));
  }
}
