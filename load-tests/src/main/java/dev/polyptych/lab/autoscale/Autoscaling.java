package dev.polyptych.lab.autoscale;

import dev.polyptych.lab.autoscale.Nodes.Machinery;
import dev.polyptych.lab.autoscale.ScaledObject.Trigger;
import dev.polyptych.lab.autoscale.ScalingOutcome.ScalingSample;
import dev.polyptych.lab.autoscale.Signal.TriggerSignal;
import dev.polyptych.lab.autoscale.Signal.UtilisationSignal;
import dev.polyptych.lab.simulator.Clock;
import java.util.ArrayList;
import java.util.List;

/** One arm under one demand, event by event. */
final class Autoscaling {
  /** Second at which each loop starts. They do not start together in a real cluster either. */
  private static final double SCRAPES = 3;

  private static final double RECORDS = 7;
  private static final double POLLS = 5;
  private static final double SYNCS = 11;

  private final Demand demand;
  private final AutoscaleArm arm;
  private final List<ScaledJob> jobs;
  private final Clock clock = new Clock();
  private final Ledger ledger;
  private final ScaledFleet fleet;
  private final Sight sight;
  private final Signal signal;
  private final Autoscaler autoscaler;
  private final List<ScalingSample> samples = new ArrayList<>();
  private double activeAt;

  private Autoscaling(Demand demand, AutoscaleArm arm, Deployed deployed, long seed) {
    this.demand = demand;
    this.arm = arm;
    this.jobs = demand.jobs(seed);
    this.ledger = new Ledger(demand.warmUpSeconds());
    this.fleet = new ScaledFleet(clock, Machinery.CLOUD, deployed.graceSeconds(), seed, ledger);
    this.sight = new Sight(arm.wanted(), fleet, ledger::drawn);
    this.signal =
        arm.utilisation()
            ? new UtilisationSignal(sight, fleet)
            : new TriggerSignal(arm.scaled().triggers(), this::value);
    this.autoscaler = new Autoscaler(arm.scaled());
    fleet.deletionCost(arm.deletionCost());
    every(SCRAPES, deployed.scrapeSeconds(), () -> sight.scrape(clock.now()));
    every(RECORDS, arm.wanted().everySeconds(), sight::record);
    every(POLLS, arm.scaled().pollingInterval(), this::poll);
    every(SYNCS, Autoscaler.SYNC_SECONDS, this::sync);
  }

  /** Runs until the demand has ended and the last job is settled. */
  static ScalingOutcome run(Demand demand, AutoscaleArm arm, Deployed deployed, long seed) {
    return new Autoscaling(demand, arm, deployed, seed).run();
  }

  private ScalingOutcome run() {
    scale(arm.scaled().minReplicas());
    arrive(0);
    while (clock.now() < demand.seconds() || ledger.settled() < jobs.size()) {
      clock.step();
      if (clock.now() > 10 * demand.seconds()) {
        throw new IllegalStateException("no worker takes the remaining jobs");
      }
    }
    return ledger.outcome(clock.now(), jobs, demand.returnsAt(), samples);
  }

  private void every(double from, double seconds, Runnable what) {
    clock.at(
        from,
        () -> {
          what.run();
          every(clock.now() + seconds, seconds, what);
        });
  }

  private void arrive(int next) {
    if (next < jobs.size()) {
      ScaledJob job = jobs.get(next);
      clock.at(
          job.arrived,
          () -> {
            fleet.submit(job);
            arrive(next + 1);
          });
    }
  }

  /**
   * KEDA's own part: scales from 0 to 1 when there is work, and to 0 after a long time without
   * work.
   */
  private void poll() {
    ScaledObject scaled = arm.scaled();
    if (signal.active()) {
      activeAt = clock.now();
      if (fleet.replicas() == 0) {
        scale(Math.max(1, scaled.minReplicas()));
      }
    } else if (fleet.replicas() > 0
        && scaled.minReplicas() == 0
        && activeAt + scaled.cooldownPeriod() < clock.now()) {
      scale(0);
    }
  }

  /** The autoscaler's part. It does nothing while there are no replicas. */
  private void sync() {
    int current = fleet.replicas();
    if (current > 0) {
      scale(autoscaler.replicas(clock.now(), current, signal.wanted(current)));
    }
    samples.add(
        new ScalingSample(
            clock.now(), fleet.replicas(), fleet.ready(), fleet.backlog().estimated()));
  }

  private void scale(int replicas) {
    int before = fleet.replicas();
    if (replicas != before) {
      ledger.replicas(clock.now(), before, replicas);
      fleet.scaleTo(replicas);
    }
  }

  /**
   * Lag is read from the broker without delay. In this simulation all jobs are on the interactive
   * lane.
   */
  private double value(Trigger.Source source) {
    return switch (source) {
      case GPU_SECONDS -> sight.wantedSeconds();
      case INTERACTIVE_LAG -> fleet.backlog().unsettled();
      case BATCH_LAG -> 0;
    };
  }
}
