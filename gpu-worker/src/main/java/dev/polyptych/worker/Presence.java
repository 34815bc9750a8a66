package dev.polyptych.worker;

import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.worker.render.PanelSetEngine;
import dev.polyptych.worker.render.RenderLoop;
import dev.polyptych.worker.render.RenderStatus;
import java.time.Instant;
import java.util.List;

/** What the worker says of itself. Written by the render thread, read by the heartbeat's. */
final class Presence {
  private final String worker;
  private final Instant startedAt;
  private volatile PanelSetEngine.Identity engine;

  /**
   * @param model that is about to be loaded: the catalog's
   */
  Presence(String worker, String model, Instant startedAt) {
    this.worker = worker;
    this.startedAt = startedAt;
    this.engine =
        new PanelSetEngine.Identity(model, WorkerHeartbeat.LOADING, WorkerHeartbeat.LOADING);
  }

  void loaded(PanelSetEngine.Identity identity) {
    engine = identity;
  }

  WorkerHeartbeat now(RenderLoop loop, int waiting, List<Integer> partitions) {
    RenderStatus status = loop.status();
    return new WorkerHeartbeat(
        WorkerHeartbeat.VERSION,
        worker,
        engine.model(),
        engine.device(),
        engine.computeType(),
        status.adapter(),
        status.streak(),
        status.job(),
        status.stepSeconds(),
        waiting,
        partitions,
        startedAt,
        loop.load());
  }
}
