package dev.polyptych.worker.render;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.store.Claim;
import dev.polyptych.schema.store.Claimant;
import dev.polyptych.schema.store.JobStore;
import dev.polyptych.schema.store.ReferenceStore;
import dev.polyptych.schema.store.StoreUnavailableException;
import dev.polyptych.schema.store.WorkerLoad;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.metrics.RenderMetrics;
import dev.polyptych.worker.publish.Aftermath;
import dev.polyptych.worker.schedule.Decision;
import dev.polyptych.worker.schedule.Schedule;
import dev.polyptych.worker.schedule.Standing;
import dev.polyptych.worker.trace.JobLog;
import dev.polyptych.worker.trace.JobSpans;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The render thread: opens the engine, renders one job after another as the schedule says, closes
 * the engine. Ends when the waiting room is closed; an exception that leaves {@link #run} is a bug
 * or an engine that can't be opened.
 */
public final class RenderLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(RenderLoop.class);

  /** How long a closed room or a passed deadline may go unnoticed. */
  private static final Duration LOOK_AROUND = Duration.ofSeconds(1);

  private final PanelSetEngine.Source source;
  private final WaitingRoom room;
  private final Schedule schedule;
  private final Desk desk;
  private final Consumer<PanelSetEngine.Identity> onLoaded;
  private final StepTime stepTime = new StepTime();
  private final Workload workload = new Workload(stepTime);
  private volatile Standing standing = Standing.START;
  private List<String> waitingAdapters = List.of();
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
      Aftermath aftermath,
      RenderMetrics metrics,
      JobSpans spans,
      Clock clock,
      Duration checkpointEvery) {}

  /**
   * @param onLoaded told once, on the render thread, when jobs can be rendered
   */
  public RenderLoop(
      PanelSetEngine.Source source,
      WaitingRoom room,
      Schedule schedule,
      Desk desk,
      Consumer<PanelSetEngine.Identity> onLoaded) {
    this.source = source;
    this.room = room;
    this.schedule = schedule;
    this.desk = desk;
    this.onLoaded = onLoaded;
  }

  /** Any thread. */
  public RenderStatus status() {
    return status;
  }

  /** Any thread. */
  public WorkerLoad load() {
    List<RenderJob> waiting = room.waiting().stream().map(Delivery::job).toList();
    return workload.load(waiting, status.residency());
  }

  /** Any thread. */
  public Standing standing() {
    return standing;
  }

  /** How long a job takes here; zero when that is not known. Any thread. */
  public Duration renderTime(Delivery delivery) {
    return workload.renderTime(delivery.job());
  }

  @Override
  public void run() {
    try (PanelSetEngine engine = source.open()) {
      SheetRenderer renderer = renderer(engine);
      onLoaded.accept(engine.identity());
      while (!room.closed()) {
        Optional<Delivery> next = room.take(this::choose, LOOK_AROUND);
        if (next.isPresent()) {
          work(next.get(), engine, renderer);
        }
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private SheetRenderer renderer(PanelSetEngine engine) {
    return new SheetRenderer(
        engine, new ReferencePictures(desk.references()), desk.metrics(), desk.spans(), stepTime);
  }

  private Optional<Delivery> choose(List<Delivery> waiting) {
    waitingAdapters = waiting.stream().map(Delivery::adapter).toList();
    return switch (schedule.next(waiting, standing, desk.clock().instant(), this::renderTime)) {
      case Decision.Render<Delivery>(Delivery job) -> Optional.of(job);
      case Decision.SwapAndRender<Delivery>(Delivery job) -> Optional.of(job);
      case Decision.Expire<Delivery>(Delivery job) -> Optional.of(job);
      case Decision.Nothing<Delivery>() -> Optional.empty();
    };
  }

  private void work(Delivery delivery, PanelSetEngine engine, SheetRenderer renderer)
      throws InterruptedException {
    Optional<Claim> claim = claim(delivery);
    if (claim.isEmpty()) {
      return;
    }
    switch (claim.get()) {
      case Claim.Granted granted -> {
        engine.expect(waitingAdapters);
        render(delivery, granted, renderer);
        standing = standing.withWarm(engine.warmAdapter());
        residency = engine.residency();
        desk.metrics().standing(standing.streak(), engine.liveArrays());
        desk.metrics().resident(residency.device().size(), residency.host().size());
      }
      case Claim.Settled(var state) -> desk.aftermath().settledBefore(delivery, state);
      // It was handed over, or is tried again: that record counts, and this one is one too many.
      case Claim.Outdated() -> desk.aftermath().superseded(delivery);
      case Claim.Unknown() -> desk.aftermath().unknown(delivery);
    }
    status = status(Optional.empty());
  }

  /** Empty when Redis does not answer: the job waits on, and everything else with it. */
  private Optional<Claim> claim(Delivery delivery) throws InterruptedException {
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
      room.take(nobody -> Optional.empty(), LOOK_AROUND);
      return Optional.empty();
    }
  }

  private Claim claimed(Delivery delivery) {
    return desk.store()
        .claim(
            delivery.id(),
            new Claimant(
                desk.worker(),
                renderTime(delivery),
                Optional.of(delivery.tenant()),
                Optional.of(delivery.headers().edition())));
  }

  private void render(Delivery delivery, Claim.Granted claim, SheetRenderer renderer) {
    status = status(Optional.of(delivery.id()));
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
      ended(delivery, claim, outcome, nanos);
      span.ended(outcome.name());
      standing = schedule.charged(standing, delivery, Duration.ofNanos(nanos));
      handOver(delivery, claim.attempt(), outcome);
    } finally {
      workload.ended();
    }
  }

  /** Only what was drawn as a whole tells how long a job takes. */
  private void ended(Delivery delivery, Claim.Granted claim, Outcome outcome, long nanos) {
    desk.metrics().ended(outcome.name(), nanos);
    if (outcome instanceof Outcome.Drawn && claim.checkpoint().isEmpty()) {
      workload.drawn(delivery.job(), nanos);
      claim.told().gpuSeconds().ifPresent(told -> desk.metrics().took(nanos, told));
    }
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

  private RenderStatus status(Optional<String> job) {
    return new RenderStatus(standing.warm(), standing.streak(), job, stepTime.seconds(), residency);
  }
}
