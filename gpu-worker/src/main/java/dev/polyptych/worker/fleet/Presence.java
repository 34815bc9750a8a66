package dev.polyptych.worker.fleet;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.worker.intake.LocalQueue;
import dev.polyptych.worker.render.PanelSetEngine;
import dev.polyptych.worker.render.RenderState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes the worker's heartbeats. Any thread. */
public final class Presence {
  private final String worker;
  private final Instant startedAt;
  private final RenderState state;
  private final LocalQueue queue;
  private final Supplier<List<Integer>> partitions;
  private final Supplier<List<String>> fetching;
  private final Supplier<Optional<String>> refusedWeights;
  private volatile PanelSetEngine.Identity engine;
  private volatile Optional<String> stuck = Optional.empty();

  /**
   * @param partitions assigned now
   * @param fetching adapters that are being fetched
   * @param refusedWeights digest of the weights if the base does not accept them
   */
  public Presence(
      String worker,
      Catalog catalog,
      Instant startedAt,
      RenderState state,
      LocalQueue queue,
      Supplier<List<Integer>> partitions,
      Supplier<List<String>> fetching,
      Supplier<Optional<String>> refusedWeights) {
    this.worker = worker;
    this.startedAt = startedAt;
    this.state = state;
    this.queue = queue;
    this.partitions = partitions;
    this.fetching = fetching;
    this.refusedWeights = refusedWeights;
    this.engine =
        new PanelSetEngine.Identity(
            catalog.model(), WorkerHeartbeat.LOADING, WorkerHeartbeat.LOADING);
  }

  public void loaded(PanelSetEngine.Identity identity) {
    engine = identity;
  }

  /** From now on the heartbeat says that this worker draws nothing any more. */
  public void stuck(String phase) {
    stuck = Optional.of(phase);
  }

  /** The heartbeat as of now. */
  public WorkerHeartbeat now() {
    PanelSetEngine.Identity now = engine;
    return new WorkerHeartbeat(
        WorkerHeartbeat.VERSION,
        worker,
        now.model(),
        now.device(),
        now.computeType(),
        state.warmAdapter(),
        state.schedule().streak(),
        state.job(),
        state.stepSeconds(),
        queue.waiting().size(),
        partitions.get(),
        startedAt,
        state.load(),
        new Abilities.Report(
            Optional.empty(),
            state.missingAdapters(),
            stuck,
            refusedWeights.get(),
            Abilities.ALL_REFERENCES),
        Optional.of(queue.jobs()),
        fetching.get());
  }
}
