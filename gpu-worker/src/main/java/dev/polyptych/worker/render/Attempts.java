package dev.polyptych.worker.render;

import dev.polyptych.store.Claim;
import dev.polyptych.store.JobStore;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.intake.LocalQueue;
import dev.polyptych.worker.trace.JobSpans;
import java.time.Clock;
import java.time.Duration;

/** Renders a claimed job and passes its outcome on. Render thread only. */
public final class Attempts {
  private final JobStore store;
  private final LocalQueue queue;
  private final SheetRenderer renderer;
  private final AttemptResults results;
  private final RenderState state;
  private final JobSpans spans;
  private final Clock clock;
  private final Duration checkpointEvery;

  /**
   * @param checkpointEvery the time between two checkpoints of a job; zero: after every step
   */
  public Attempts(
      JobStore store,
      LocalQueue queue,
      SheetRenderer renderer,
      AttemptResults results,
      RenderState state,
      JobSpans spans,
      Clock clock,
      Duration checkpointEvery) {
    this.store = store;
    this.queue = queue;
    this.renderer = renderer;
    this.results = results;
    this.state = state;
    this.spans = spans;
    this.clock = clock;
    this.checkpointEvery = checkpointEvery;
  }

  /**
   * @throws IllegalStateException when the device is out of memory
   */
  void run(Delivery delivery, Claim.Granted claim, PanelSetEngine engine) {
    results.begins(delivery, claim, engine);
    boolean swapsInOrder = queue.swapsInOrder(delivery.position());
    var reported =
        new ProgressReport.Attempt(
            delivery.id(), claim.attempt(), delivery.job().sampling().steps(), checkpointEvery);
    try (JobSpans.Attempt span = spans.begin(delivery, claim.attempt());
        ProgressReport progress = ProgressReport.start(store, reported, clock)) {
      state.running(delivery.job(), progress::step);
      long begin = System.nanoTime();
      RenderOutcome outcome =
          renderer.render(
              engine,
              delivery,
              claim.checkpoint(),
              progress,
              () -> queue.recalled(delivery.position()));
      long nanos = System.nanoTime() - begin;
      span.ended(outcome.name());
      results.ended(delivery, claim, outcome, nanos, swapsInOrder);
    } finally {
      state.idle();
    }
  }
}
