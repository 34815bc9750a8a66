package dev.polyptych.worker.render;

import dev.polyptych.policy.schedule.Workload;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.store.Claim;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.metrics.AffinityMetrics;
import dev.polyptych.worker.metrics.RenderMetrics;
import dev.polyptych.worker.publish.AttemptOutcomes;
import dev.polyptych.worker.trace.JobLog;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows an attempt on the render thread: measurements, metrics, the schedule, and the
 * hand-over to publishing.
 */
public final class AttemptResults {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptResults.class);

  private final JobChoice choice;
  private final Swaps swaps;
  private final Workload workload;
  private final RenderState state;
  private final AttemptOutcomes outcomes;
  private final RenderMetrics metrics;
  private final AffinityMetrics affinity;
  private final Clock clock;

  public AttemptResults(
      JobChoice choice,
      Swaps swaps,
      Workload workload,
      RenderState state,
      AttemptOutcomes outcomes,
      RenderMetrics metrics,
      AffinityMetrics affinity,
      Clock clock) {
    this.choice = choice;
    this.swaps = swaps;
    this.workload = workload;
    this.state = state;
    this.outcomes = outcomes;
    this.metrics = metrics;
    this.affinity = affinity;
    this.clock = clock;
  }

  void begins(Delivery delivery, Claim.Granted claim, PanelSetEngine engine) {
    swaps.expect(engine, choice.outlook());
    metrics.begun(delivery.lane(), Duration.between(delivery.arrivedAt(), clock.instant()));
    claim.told().late().ifPresent(late -> metrics.startedLate(delivery.lane(), late));
  }

  /**
   * @param swapsInOrder whether the job would have needed a swap in the order of arrival
   * @throws IllegalStateException when the device is out of memory
   */
  void ended(
      Delivery delivery,
      Claim.Granted claim,
      RenderOutcome outcome,
      long nanos,
      boolean swapsInOrder) {
    metrics.ended(outcome.name(), nanos);
    if (outcome instanceof RenderOutcome.Drawn) {
      if (claim.checkpoint().isEmpty()) {
        // Only a job that was drawn as a whole shows how long a job takes.
        workload.drawn(delivery.job(), (nanos - swaps.lastNanos()) / 1e9);
        claim.told().gpuSeconds().ifPresent(forecast -> metrics.took(nanos, forecast));
      }
      measureAffinity(delivery, swapsInOrder, nanos);
    }
    choice.charged(delivery, Duration.ofNanos(nanos));
    passOn(delivery, claim.attempt(), outcome);
  }

  private void measureAffinity(Delivery delivery, boolean swapsInOrder, long nanos) {
    String task = delivery.job().task();
    if (swaps.lastNanos() > 0) {
      affinity.swapped(task, swapsInOrder);
    } else {
      affinity.foundWarm(task, swapsInOrder, workload.swapSeconds());
    }
    affinity.overtook(choice.outlook().overtaken(), nanos);
    affinity.drewWith(delivery.adapter(), state.deviceSlots());
  }

  private void passOn(Delivery delivery, int attempt, RenderOutcome outcome) {
    switch (outcome) {
      case RenderOutcome.Drawn(var sheet) -> {
        choice.rendered(delivery);
        outcomes.drawn(delivery, attempt, sheet);
      }
      case RenderOutcome.Broken(var error, boolean lasting) -> {
        outcomes.broken(delivery, attempt, error, lasting);
        leaveIfExhausted(error);
      }
      case RenderOutcome.Cancelled() -> {
        log(delivery, attempt, "cancelled while it was drawn");
        outcomes.done(delivery);
      }
      case RenderOutcome.Superseded() -> {
        log(delivery, attempt, "no longer ours while it was drawn");
        outcomes.done(delivery);
      }
      case RenderOutcome.Unable(var reason) -> {
        JobLog.about(LOG.atWarn(), delivery.id())
            .addKeyValue("adapter", delivery.adapter())
            .log("can't draw it, so another worker gets it: {}", reason.detail());
        outcomes.unable(delivery, attempt, reason);
      }
      case RenderOutcome.Postponed(var reason) -> {
        JobLog.about(LOG.atWarn(), delivery.id())
            .log("waits until its references can be fetched: {}", reason);
        outcomes.postponed(delivery, attempt);
      }
      case RenderOutcome.Recalled(var checkpoint) ->
          outcomes.recalled(delivery, attempt, checkpoint);
    }
  }

  private static void log(Delivery delivery, int attempt, String message) {
    JobLog.about(LOG.atInfo(), delivery.id()).addKeyValue("attempt", attempt).log(message);
  }

  /**
   * A device that ran out of memory once has fragmented memory, and the next job fails too. So the
   * process ends and is started again.
   */
  private static void leaveIfExhausted(JobError error) {
    if (error.code() == ErrorCode.OUT_OF_MEMORY) {
      throw new IllegalStateException("the device ran out of memory: " + error.detail());
    }
  }
}
