package dev.polyptych.worker.publish;

import dev.polyptych.schema.topic.DirectRules;
import dev.polyptych.store.Adoption;
import dev.polyptych.store.Claim;
import dev.polyptych.store.Claimant;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.metrics.PublishMetrics;
import dev.polyptych.worker.trace.JobLog;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up jobs that are on a lane and not in Redis, which has lost them. Safe for all threads.
 *
 * <p>Every method throws {@link dev.polyptych.store.StoreUnavailableException} when Redis does not
 * answer.
 */
public final class UnknownJobs {
  private static final Logger LOG = LoggerFactory.getLogger(UnknownJobs.class);

  private final JobStore store;
  private final Adoption adoption;
  private final DirectRules rules;
  private final String worker;
  private final String process;
  private final PublishMetrics metrics;
  private final Clock clock;

  /**
   * @param rules for the record of a job that Redis does not know
   * @param worker the id under which jobs are claimed
   * @param process differs after a restart of the worker under the same id
   */
  public UnknownJobs(
      JobStore store,
      Adoption adoption,
      DirectRules rules,
      String worker,
      String process,
      PublishMetrics metrics,
      Clock clock) {
    this.store = store;
    this.adoption = adoption;
    this.rules = rules;
    this.worker = worker;
    this.process = process;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Whether the job can be claimed now: one that has ended can't, nor one of an unfit record. */
  public boolean adopt(Delivery delivery) {
    // A dispatcher has checked this, but the record may come from another producer.
    boolean fit = rules.problems(delivery.record(), delivery.lane(), clock.instant()).isEmpty();
    boolean adopted = fit && adoption.adopt(NewJob.of(delivery.job(), delivery.record()));
    if (adopted) {
      metrics.adopted();
      JobLog.about(LOG.atWarn(), delivery.id())
          .log("Redis had lost the job, so its state was made anew from its record on Kafka");
    }
    return adopted;
  }

  /** Adopts the job and claims it. Returns the new attempt; empty if the job has ended. */
  Optional<Integer> takeAgain(Delivery delivery) {
    adopt(delivery);
    Claimant claimant =
        new Claimant(
                worker,
                Duration.ZERO,
                Optional.of(delivery.tenant()),
                Optional.of(delivery.headers().version()))
            .as(process)
            .at(delivery.position().place());
    return store.claim(delivery.id(), claimant) instanceof Claim.Granted granted
        ? Optional.of(granted.attempt())
        : Optional.empty();
  }
}
