package dev.polyptych.worker.render;

import dev.polyptych.policy.schedule.Costs;
import dev.polyptych.policy.schedule.Decision;
import dev.polyptych.policy.schedule.Schedule;
import dev.polyptych.policy.schedule.ScheduleState;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.fleet.WorkerLoad;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.Claim;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.metrics.AffinityMetrics;
import dev.polyptych.worker.metrics.RenderMetrics;
import dev.polyptych.worker.publish.AttemptOutcomes;
import dev.polyptych.worker.trace.JobSpans;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The render thread: opens the engine, renders one job after another as the schedule says, closes
 * the engine. Ends when the waiting room is closed; an exception that leaves {@link #run} is a bug
 * or an engine that can't be opened.
 */
public final class RenderLoop implements Runnable {
  /** How attempts end, as metrics and spans say it. */
  public static final List<String> OUTCOMES = Outcome.NAMES;

  /** How long a closed room or a passed deadline may go unnoticed. */
  private static final Duration LOOK_AROUND = Duration.ofSeconds(1);

  private final PanelSetEngine.Source source;
  private final LocalQueue room;
  private final Schedule schedule;
  private final Desk desk;
  private final Consumer<PanelSetEngine.Identity> onLoaded;
  private final StepTime stepTime = new StepTime();
  private final Workload workload = new Workload(stepTime);
  private volatile ScheduleState standing = ScheduleState.START;
  private final SwapTimes swapTimes = new SwapTimes();
  private final Claims claims;
  private Outlook outlook = Outlook.EMPTY;
  private Residency residency = Residency.NONE;
  private volatile RenderStatus status = RenderStatus.IDLE;

  /**
   * What every job needs besides the engine.
   *
   * @param checkpointEvery the time between two checkpoints of a job; zero: after every step
   * @param worker the id under which jobs are claimed
   */
  public record Desk(
      String worker,
      JobStore store,
      ReferenceStore references,
      AttemptOutcomes aftermath,
      RenderMetrics metrics,
      AffinityMetrics affinity,
      JobSpans spans,
      Clock clock,
      Duration checkpointEvery) {}

  /**
   * @param onLoaded told once, on the render thread, when jobs can be rendered
   */
  public RenderLoop(
      PanelSetEngine.Source source,
      LocalQueue room,
      Schedule schedule,
      Desk desk,
      Consumer<PanelSetEngine.Identity> onLoaded) {
    this.source = source;
    this.room = room;
    this.schedule = schedule;
    this.desk = desk;
    this.onLoaded = onLoaded;
    this.claims = new Claims(desk, room, this::renderTime);
  }

  /** Any thread. */
  public RenderStatus status() {
    return status;
  }

  /** Any thread. */
  public WorkerLoad load() {
    List<RenderJob> waiting = room.waiting().stream().map(Delivery::job).toList();
    return workload.load(waiting, status, swapTimes.costs(), desk.clock().instant());
  }

  /** Any thread. */
  public ScheduleState standing() {
    return standing;
  }

  /** How long a job takes here; zero when that is not known. Any thread. */
  public Duration renderTime(Delivery delivery) {
    return workload.renderTime(delivery.job());
  }

  @Override
  public void run() {
    try (PanelSetEngine engine = source.open()) {
      Swaps swaps = swaps(engine);
      SheetRenderer renderer = renderer(engine, swaps);
      look(engine, Optional.empty());
      onLoaded.accept(engine.identity());
      while (!room.closed()) {
        Optional<Delivery> next = room.take(this::choose, LOOK_AROUND);
        if (next.isPresent()) {
          work(next.get(), engine, renderer, swaps);
        }
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** The others are told of a swap at once, not when its first job is done. */
  private Swaps swaps(PanelSetEngine engine) {
    return new Swaps(
        engine, swapTimes, desk.metrics(), desk.spans(), () -> show(engine, status.job()));
  }

  private SheetRenderer renderer(PanelSetEngine engine, Swaps swaps) {
    return new SheetRenderer(
        engine,
        swaps,
        new ReferencePictures(desk.references()),
        desk.metrics(),
        desk.spans(),
        stepTime);
  }

  private Optional<Delivery> choose(List<Delivery> waiting) {
    return switch (schedule.next(waiting, standing, desk.clock().instant(), this::renderTime)) {
      case Decision.Render<Delivery>(Delivery job) -> chosen(job, true, waiting);
      case Decision.SwapAndRender<Delivery>(Delivery job) -> chosen(job, false, waiting);
      case Decision.Expire<Delivery>(Delivery job) -> chosen(job, false, waiting);
      case Decision.Nothing<Delivery>() -> Optional.empty();
    };
  }

  private Optional<Delivery> chosen(Delivery job, boolean warm, List<Delivery> waiting) {
    List<Delivery> others =
        waiting.stream().filter(other -> !other.place().equals(job.place())).toList();
    ScheduleState after = schedule.rendered(standing, job);
    Optional<String> next = schedule.prefetch(others, after, desk.clock().instant());
    outlook = Outlook.of(job, warm, waiting, next);
    return Optional.of(job);
  }

  private void work(Delivery delivery, PanelSetEngine engine, SheetRenderer renderer, Swaps swaps)
      throws InterruptedException {
    Optional<Claim> claim = claims.claim(delivery);
    if (claim.isEmpty()) {
      return;
    }
    switch (claim.get()) {
      case Claim.Granted granted -> {
        swaps.expect(outlook.adapters(), outlook.next());
        render(delivery, granted, renderer, swaps);
        standing = standing.withWarm(engine.warmAdapter());
        desk.metrics().standing(standing.streak(), engine.liveArrays());
        engine.deviceMemory().ifPresent(desk.metrics()::deviceMemory);
      }
      case Claim.Settled(var state) -> desk.aftermath().settledBefore(delivery, state);
      // It was handed over, or is tried again: that record counts, and this one is one too many.
      case Claim.Outdated() -> {
        desk.metrics().outdated();
        desk.aftermath().superseded(delivery);
      }
      case Claim.Unknown() -> desk.aftermath().unknown(delivery);
    }
    look(engine, Optional.empty());
  }

  /** Takes in where adapters lie now, and lets others see it. Only between two jobs. */
  private void look(PanelSetEngine engine, Optional<String> job) {
    show(engine, job);
    Optional<String> warm = engine.warmAdapter();
    standing =
        standing.withCosts(
            new Costs(workload.jobSeconds(), swapTimes.costs(), residency.tiers().residency(warm)));
    desk.metrics().resident(residency.tiers(), swapTimes.costs());
  }

  private void show(PanelSetEngine engine, Optional<String> job) {
    residency = engine.residency();
    status = status(engine.warmAdapter(), job);
  }

  private void render(Delivery delivery, Claim.Granted claim, SheetRenderer renderer, Swaps swaps) {
    status = status(standing.warm(), Optional.of(delivery.id()));
    boolean swapsInOrder = room.swapsInOrder(delivery.place());
    desk.metrics()
        .begun(delivery.lane(), Duration.between(delivery.arrivedAt(), desk.clock().instant()));
    claim.told().late().ifPresent(late -> desk.metrics().startedLate(delivery.lane(), late));
    var reported =
        new ProgressReport.Attempt(
            delivery.id(),
            claim.attempt(),
            delivery.job().sampling().steps(),
            desk.checkpointEvery());
    try (JobSpans.Attempt span = desk.spans().begin(delivery, claim.attempt());
        ProgressReport progress = ProgressReport.start(desk.store(), reported, desk.clock())) {
      workload.begun(delivery.job(), progress);
      long begin = System.nanoTime();
      Outcome outcome =
          renderer.render(
              delivery, claim.checkpoint(), progress, () -> room.recalled(delivery.place()));
      long nanos = System.nanoTime() - begin;
      ended(delivery, claim, outcome, nanos, swaps.lastNanos());
      if (outcome instanceof Outcome.Drawn) {
        affinity(delivery, swapsInOrder, nanos, swaps.lastNanos());
      }
      span.ended(outcome.name());
      standing = schedule.charged(standing, delivery, Duration.ofNanos(nanos));
      handOver(delivery, claim.attempt(), outcome);
    } finally {
      workload.ended();
    }
  }

  /** Only what was drawn as a whole tells how long a job takes. */
  private void ended(
      Delivery delivery, Claim.Granted claim, Outcome outcome, long nanos, long swapNanos) {
    desk.metrics().ended(outcome.name(), nanos);
    if (outcome instanceof Outcome.Drawn && claim.checkpoint().isEmpty()) {
      workload.drawn(delivery.job(), nanos - swapNanos);
      claim.told().gpuSeconds().ifPresent(told -> desk.metrics().took(nanos, told));
    }
  }

  private void affinity(Delivery delivery, boolean swapsInOrder, long nanos, long swapNanos) {
    String task = delivery.job().task();
    if (swapNanos > 0) {
      desk.affinity().swapped(task, swapsInOrder);
    } else {
      desk.affinity().foundWarm(task, swapsInOrder, swapTimes.usual());
    }
    desk.affinity().overtook(outlook.overtaken(), nanos);
    desk.affinity().drewWith(delivery.adapter(), residency.warmSlots());
  }

  private void handOver(Delivery delivery, int attempt, Outcome outcome) {
    switch (outcome) {
      case Outcome.Drawn(var sheet) -> {
        standing = schedule.rendered(standing, delivery);
        desk.aftermath().drawn(delivery, attempt, sheet);
      }
      case Outcome.Broken(var error) -> {
        desk.aftermath().broken(delivery, attempt, error);
        leaveIfExhausted(error);
      }
      case Outcome.Superseded() -> desk.aftermath().superseded(delivery);
      case Outcome.Recalled(var checkpoint) ->
          desk.aftermath().recalled(delivery, attempt, checkpoint);
    }
  }

  /**
   * After it ran out of memory once, a device's memory is in pieces and the next job fails
   * likewise: the process leaves, to be started afresh.
   */
  private static void leaveIfExhausted(JobError error) {
    if (error.code() == ErrorCode.OUT_OF_MEMORY) {
      throw new IllegalStateException("the device ran out of memory: " + error.detail());
    }
  }

  private RenderStatus status(Optional<String> warm, Optional<String> job) {
    return new RenderStatus(warm, standing.streak(), job, stepTime.seconds(), residency);
  }
}
