package dev.polyptych.worker.render;

import dev.polyptych.store.Claim;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.intake.LocalQueue;
import dev.polyptych.worker.metrics.RenderMetrics;
import dev.polyptych.worker.publish.AttemptOutcomes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The render thread: opens the engine, renders one job after another, closes the engine. Ends when
 * the queue is closed. An exception that leaves {@link #run} is a bug, or the engine can't be
 * opened.
 */
public final class RenderLoop implements Runnable {
  /** How attempts end, in metrics and spans. */
  public static final List<String> OUTCOMES = RenderOutcome.NAMES;

  /** A closed queue or a passed deadline is noticed within this time. */
  private static final Duration LOOK_AROUND = Duration.ofSeconds(1);

  private final PanelSetEngine.Source source;
  private final LocalQueue queue;
  private final JobChoice choice;
  private final Claims claims;
  private final Attempts attempts;
  private final AttemptOutcomes outcomes;
  private final RenderState state;
  private final RenderMetrics metrics;
  private final DeviceWatch watch;
  private final Consumer<PanelSetEngine.Identity> onLoaded;

  /**
   * @param onLoaded called once, on the render thread, when jobs can be rendered
   */
  public RenderLoop(
      PanelSetEngine.Source source,
      LocalQueue queue,
      JobChoice choice,
      Claims claims,
      Attempts attempts,
      AttemptOutcomes outcomes,
      RenderState state,
      RenderMetrics metrics,
      DeviceWatch watch,
      Consumer<PanelSetEngine.Identity> onLoaded) {
    this.source = source;
    this.queue = queue;
    this.choice = choice;
    this.claims = claims;
    this.attempts = attempts;
    this.outcomes = outcomes;
    this.state = state;
    this.metrics = metrics;
    this.watch = watch;
    this.onLoaded = onLoaded;
  }

  @Override
  public void run() {
    long begin = System.nanoTime();
    try (PanelSetEngine engine = source.open()) {
      watch.opened(Duration.ofNanos(System.nanoTime() - begin));
      look(engine);
      engine.memoryPlan().ifPresent(plan -> metrics.planned(plan.parts()));
      onLoaded.accept(engine.identity());
      while (!queue.closed()) {
        Optional<Delivery> next = choice.take(LOOK_AROUND);
        if (next.isPresent()) {
          work(next.get(), engine);
        }
        look(engine);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private void work(Delivery delivery, PanelSetEngine engine) throws InterruptedException {
    Optional<Claim> claim = claims.claim(delivery);
    if (claim.isEmpty()) {
      return;
    }
    switch (claim.get()) {
      case Claim.Granted granted -> attempts.run(delivery, granted, engine);
      case Claim.Settled(var jobState) -> outcomes.settledBefore(delivery, jobState);
      // The job was handed over or is tried again: its later record counts, this one does not.
      case Claim.Outdated() -> {
        metrics.outdated();
        outcomes.done(delivery);
      }
      case Claim.Unknown() -> outcomes.unknown(delivery);
      case Claim.Suspect suspect -> throw new IllegalStateException("unanswered: " + suspect);
    }
  }

  /** Only between two jobs. */
  private void look(PanelSetEngine engine) {
    choice.look(engine);
    metrics.streak(state.schedule().streak());
    metrics.liveArrays(engine.liveArrays());
    metrics.resident(state.tiers(), state.schedule().costs().swap());
    engine.deviceMemory().ifPresent(metrics::deviceMemory);
  }
}
