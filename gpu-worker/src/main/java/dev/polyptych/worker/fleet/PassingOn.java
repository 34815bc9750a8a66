package dev.polyptych.worker.fleet;

import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.PassOn;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.worker.intake.LocalQueue;
import dev.polyptych.worker.intake.Stray;
import dev.polyptych.worker.intake.Strays;
import dev.polyptych.worker.metrics.HandoverMetrics;
import dev.polyptych.worker.publish.AttemptOutcomes;
import dev.polyptych.worker.publish.BrokerUnavailableException;
import dev.polyptych.worker.publish.RecordProducer;
import dev.polyptych.worker.render.AdapterFaults;
import dev.polyptych.worker.trace.JobLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes jobs that this worker can't draw on to a worker whose heartbeat says that it can. A job
 * fails only when no live worker has been able to draw it for a while. As with a handover, the
 * record here is finished after the broker has the new one. Called by the handover task alone.
 */
public final class PassingOn {
  private static final Logger LOG = LoggerFactory.getLogger(PassingOn.class);

  /** Longer than a job may wait here and return, so that its waiting time is not forgotten. */
  private static final Duration REMEMBERED = Duration.ofHours(2);

  private final String worker;
  private final JobStore store;
  private final RecordProducer producer;
  private final LocalQueue queue;
  private final Strays strays;
  private final AdapterFaults faults;
  private final AttemptOutcomes outcomes;
  private final Duration grace;
  private final HandoverMetrics metrics;
  private final Clock clock;

  /** Since when no live worker has been able to draw a job, by its id. */
  private final Map<String, Instant> nobodySince = new HashMap<>();

  /**
   * @param grace how long a job waits for a worker that can draw it
   */
  public PassingOn(
      String worker,
      JobStore store,
      RecordProducer producer,
      LocalQueue queue,
      AdapterFaults faults,
      AttemptOutcomes outcomes,
      Duration grace,
      HandoverMetrics metrics,
      Clock clock) {
    this.worker = worker;
    this.store = store;
    this.producer = producer;
    this.queue = queue;
    this.strays = queue.strays();
    this.faults = faults;
    this.outcomes = outcomes;
    this.grace = grace;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Whether any job waits to be passed on. */
  boolean due() {
    return !strays.waiting().isEmpty();
  }

  /** One look at every such job. */
  void round(Fleet fleet) {
    Instant now = clock.instant();
    nobodySince.values().removeIf(since -> since.plus(REMEMBERED).isBefore(now));
    for (Stray stray : strays.waiting()) {
      if (readable(stray)) {
        strays.recovered(stray);
      } else {
        decide(stray, fleet, now);
      }
    }
  }

  private boolean readable(Stray stray) {
    return faults.of(stray.needs().adapter()).isEmpty();
  }

  private void decide(Stray stray, Fleet fleet, Instant now) {
    if (stray.headers().passes() >= Topics.MAX_PASSES) {
      end(stray, "it was passed on %d times".formatted(stray.headers().passes()));
      return;
    }
    switch (PassOn.of(stray.needs(), worker, fleet)) {
      case PassOn.To(String receiver, int partition) -> {
        nobodySince.remove(stray.id());
        pass(stray, receiver, partition);
      }
      case PassOn.Later() -> nobodySince.remove(stray.id());
      case PassOn.Nobody() -> {
        Instant since = nobodySince.computeIfAbsent(stray.id(), first -> now);
        if (!now.isBefore(since.plus(grace))) {
          nobodySince.remove(stray.id());
          end(stray, "no live worker could draw it for %d s".formatted(grace.toSeconds()));
        }
      }
    }
  }

  private void pass(Stray stray, String receiver, int partition) {
    if (!strays.depart(stray)) {
      return;
    }
    try {
      QueuePlace place = producer.passOn(stray, partition);
      note(stray, place);
      queue.finished(stray.position());
      metrics.passedOn();
      JobLog.about(LOG.atInfo(), stray.id())
          .addKeyValue("code", stray.reason().code())
          .log("passed on to {}, partition {}", receiver, partition);
    } catch (BrokerUnavailableException away) {
      metrics.failed();
      strays.putBack(stray);
      JobLog.about(LOG.atWarn(), stray.id()).log("not passed on: {}", away.getMessage());
    }
  }

  private void end(Stray stray, String why) {
    if (strays.depart(stray)) {
      JobError reason = stray.reason();
      JobLog.about(LOG.atWarn(), stray.id()).log("ended: {}; {}", why, reason.detail());
      outcomes.undrawable(stray, new JobError(reason.code(), why + "; " + reason.detail()));
    }
  }

  /** If this fails, the status shows the old partition until the job is claimed. */
  private void note(Stray stray, QueuePlace place) {
    try {
      store.moved(stray.id(), stray.headers().passedOn().version(), place);
    } catch (StoreUnavailableException away) {
      JobLog.about(LOG.atWarn(), stray.id())
          .log("passed on, but the store does not show the new partition: {}", away.getMessage());
    }
  }
}
