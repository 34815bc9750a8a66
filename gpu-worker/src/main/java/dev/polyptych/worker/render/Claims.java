package dev.polyptych.worker.render;

import dev.polyptych.store.Claim;
import dev.polyptych.store.Claimant;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.store.WorkerDirectory;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.intake.LocalQueue;
import dev.polyptych.worker.publish.UnknownJobs;
import dev.polyptych.worker.trace.JobLog;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims chosen jobs in the job store. Render thread only. */
public final class Claims {
  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

  /** Wait after a claim that Redis did not answer. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** A live worker sends a heartbeat every five seconds, and looks every second. */
  private static final Duration SILENCE = Duration.ofSeconds(8);

  private final String worker;
  private final String process;
  private final JobStore store;
  private final UnknownJobs unknownJobs;
  private final WorkerDirectory directory;
  private final LocalQueue queue;
  private final Function<Delivery, Duration> renderTime;

  /**
   * @param worker the id under which jobs are claimed
   * @param process which process of the worker this is, see {@link #process(Instant)}
   * @param renderTime how long a job takes; zero when that is not known
   */
  public Claims(
      String worker,
      String process,
      JobStore store,
      UnknownJobs unknownJobs,
      WorkerDirectory directory,
      LocalQueue queue,
      Function<Delivery, Duration> renderTime) {
    this.worker = worker;
    this.process = process;
    this.store = store;
    this.unknownJobs = unknownJobs;
    this.directory = directory;
    this.queue = queue;
    this.renderTime = renderTime;
  }

  /** Empty when Redis does not answer. Then the job and all others wait. */
  Optional<Claim> claim(Delivery delivery) throws InterruptedException {
    try {
      Claimant claimant = claimant(delivery);
      Claim claim = store.claim(delivery.id(), claimant);
      if (claim instanceof Claim.Unknown && unknownJobs.adopt(delivery)) {
        claim = store.claim(delivery.id(), claimant);
      }
      while (claim instanceof Claim.Suspect suspect) {
        Optional<Claim.Looked> looked = looked(suspect);
        if (looked.isEmpty()) {
          queue.putBack(delivery);
          return Optional.empty();
        }
        claim = store.claim(delivery.id(), claimant.having(looked.get()));
      }
      return Optional.of(claim);
    } catch (StoreUnavailableException away) {
      JobLog.about(LOG.atWarn(), delivery.id()).log("can't be claimed: {}", away.getMessage());
      queue.putBack(delivery);
      queue.take(ready -> Optional.empty(), RETRY_AFTER);
      return Optional.empty();
    }
  }

  private Claimant claimant(Delivery delivery) {
    return new Claimant(
            worker,
            renderTime.apply(delivery),
            Optional.of(delivery.tenant()),
            Optional.of(delivery.headers().version()))
        .as(process)
        .at(delivery.position().place());
  }

  /**
   * Whether a worker sends another heartbeat. The last one says nothing: it may be older than the
   * worker's death, or there is none because Redis was away for all. Other jobs wait meanwhile;
   * this happens only to a job with which a second worker went silent. Empty if this worker stops.
   */
  private Optional<Claim.Looked> looked(Claim.Suspect suspect) throws InterruptedException {
    LOG.warn(
        "a second worker, {}, is silent with a job; looking for its heartbeat", suspect.worker());
    long end = System.nanoTime() + SILENCE.toNanos();
    Optional<Long> last = left(suspect);
    while (System.nanoTime() < end && !queue.closed()) {
      queue.take(ready -> Optional.empty(), RETRY_AFTER);
      Optional<Long> left = left(suspect);
      if (left.isPresent() && left.get() > last.orElse(0L)) {
        return Optional.of(new Claim.Looked(suspect.attempt(), true));
      }
      last = left;
    }
    // A look that is cut short decides nothing.
    return Optional.of(new Claim.Looked(suspect.attempt(), false)).filter(look -> !queue.closed());
  }

  /** Until the heartbeat of that very process expires. */
  private Optional<Long> left(Claim.Suspect suspect) {
    return directory
        .sighting(suspect.worker())
        .filter(
            seen ->
                suspect.process().isEmpty()
                    || suspect.process().equals(process(seen.heartbeat().startedAt())))
        .map(WorkerDirectory.Sighting::left);
  }

  /**
   * Tells one process of a worker from another one under the same id.
   *
   * @param startedAt as in the worker's heartbeats
   */
  public static String process(Instant startedAt) {
    return Long.toString(startedAt.toEpochMilli());
  }
}
