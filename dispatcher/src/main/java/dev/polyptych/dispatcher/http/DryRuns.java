package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.estimate.GpuTime;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.job.ResolvedJob;
import dev.polyptych.schema.store.WorkerDirectory;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Answers what a submission would be made into; only the estimate needs the store. */
final class DryRuns {
  private final GpuTime gpuTime;
  private final WorkerDirectory directory;
  private final LoopCalls calls;

  DryRuns(GpuTime gpuTime, WorkerDirectory directory, LoopCalls calls) {
    this.gpuTime = gpuTime;
    this.directory = directory;
    this.calls = calls;
  }

  void answer(RoutingContext routing, RenderJob job) {
    calls
        .call(directory::live)
        .otherwise(List.of())
        .map(workers -> ResolvedJob.of(job, gpuTime.seconds(job, workers)))
        .onSuccess(resolved -> Answer.json(routing, 200, resolved))
        .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
  }
}
