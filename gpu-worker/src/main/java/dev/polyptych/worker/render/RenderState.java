package dev.polyptych.worker.render;

import dev.polyptych.policy.schedule.ScheduleState;
import dev.polyptych.policy.schedule.Workload;
import dev.polyptych.schema.fleet.AdapterTiers;
import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.WorkerLoad;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.intake.LocalQueue;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * What the render thread does, and how much work the worker has. Written by the render thread, read
 * by any.
 */
public final class RenderState {
  private final Workload workload;
  private final AdapterFaults faults;
  private final LocalQueue queue;
  private final Clock clock;
  private volatile ScheduleState schedule = ScheduleState.START;
  private volatile Adapters adapters = new Adapters(Optional.empty(), AdapterTiers.NONE, 0);
  private volatile Optional<Running> running = Optional.empty();

  private record Running(RenderJob job, IntSupplier completedSteps) {}

  private record Adapters(Optional<String> warm, AdapterTiers tiers, int deviceSlots) {}

  public RenderState(Workload workload, AdapterFaults faults, LocalQueue queue, Clock clock) {
    this.workload = workload;
    this.faults = faults;
    this.queue = queue;
    this.clock = clock;
  }

  /** What the schedule knows of the jobs rendered so far. */
  public ScheduleState schedule() {
    return schedule;
  }

  void schedule(ScheduleState changed) {
    schedule = changed;
  }

  /**
   * A job runs now.
   *
   * @param completedSteps asked on any thread
   */
  void running(RenderJob job, IntSupplier completedSteps) {
    running = Optional.of(new Running(job, completedSteps));
  }

  void idle() {
    running = Optional.empty();
  }

  /** Takes over from the engine where adapters are. */
  void adaptersOf(PanelSetEngine engine) {
    adapters = new Adapters(engine.warmAdapter(), engine.tiers(), engine.deviceSlots());
    faults.look(engine.readable());
  }

  boolean canRead(String adapter) {
    return faults.of(adapter).isEmpty();
  }

  /** Adapters that can't be read now. */
  public List<String> missingAdapters() {
    return faults.ids();
  }

  /** Id of the running job. */
  public Optional<String> job() {
    return running.map(now -> now.job().id());
  }

  public Optional<String> warmAdapter() {
    return adapters.warm();
  }

  public AdapterTiers tiers() {
    return adapters.tiers();
  }

  /** How many adapters the device has room for; 0 while that is not known. */
  public int deviceSlots() {
    return adapters.deviceSlots();
  }

  Residency residency() {
    Adapters now = adapters;
    return now.tiers().residency(now.warm());
  }

  /** Mean of a step; 0 before the first. */
  public double stepSeconds() {
    return workload.stepSeconds();
  }

  /** How long a job takes; zero when that is not known. */
  public Duration renderTime(Delivery delivery) {
    return workload.renderTime(delivery.job());
  }

  public WorkerLoad load() {
    List<Delivery> waiting = queue.waiting();
    double runningSeconds =
        running
            .map(now -> workload.secondsLeft(now.job(), now.completedSteps().getAsInt()))
            .orElse(0.0);
    double waitingSeconds =
        Workload.waitingSeconds(
            waiting, job -> workload.seconds(job.job()), workload.swapCosts(), residency());
    return workload.load(runningSeconds, waitingSeconds, tiers(), clock.instant());
  }
}
