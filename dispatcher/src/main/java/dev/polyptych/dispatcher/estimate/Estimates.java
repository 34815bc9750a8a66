package dev.polyptych.dispatcher.estimate;

import dev.polyptych.dispatcher.cluster.ClusterView;
import dev.polyptych.dispatcher.cluster.Turn;
import dev.polyptych.dispatcher.placement.Routes;
import dev.polyptych.schema.job.Forecast;
import dev.polyptych.schema.job.JobEstimate;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RenderJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Estimates from the latest view of the cluster. An unknown part is absent. Never blocks; its cost
 * does not depend on the length of the queue. Safe for all threads.
 */
public final class Estimates {
  private final Supplier<ClusterView> cluster;
  private final Routes routes;
  private final Clock clock;

  /**
   * @param routes for jobs that are not on their lane yet
   */
  public Estimates(Supplier<ClusterView> cluster, Routes routes, Clock clock) {
    this.cluster = cluster;
    this.routes = routes;
    this.clock = clock;
  }

  /** The estimate of a job if it were submitted now. */
  public JobEstimate ifSubmitted(RenderJob job) {
    return JobEstimate.of(routes.forecast(job), clock.instant());
  }

  /** Adds the current estimate to the status if the job is open and anything is known. */
  public JobStatus now(JobStatus status) {
    Optional<Double> gpuSeconds = status.estimate().flatMap(JobEstimate::gpuSeconds);
    return switch (status.state()) {
      case QUEUED ->
          status.place().isEmpty()
              ? status.withEstimate(costOnly(gpuSeconds))
              : status.withEstimate(queued(status, status.place().get(), gpuSeconds));
      case RENDERING -> status.withEstimate(rendering(status, gpuSeconds));
      case ACCEPTED, DONE, FAILED, CANCELLED, EXPIRED -> status;
    };
  }

  private Optional<JobEstimate> queued(
      JobStatus status, QueuePlace place, Optional<Double> gpuSeconds) {
    Optional<Turn> turn = Turn.at(cluster.get(), status.lane(), place.partition(), place.offset());
    return JobEstimate.of(forecast(turn, gpuSeconds), clock.instant()).ifKnown();
  }

  private Optional<JobEstimate> rendering(JobStatus status, Optional<Double> gpuSeconds) {
    Instant now = clock.instant();
    double left = (double) (status.steps() - status.step()) / status.steps();
    return new JobEstimate(
            status.times().started(),
            gpuSeconds.map(all -> now.plus(Duration.ofMillis(Math.round(all * left * 1000)))),
            gpuSeconds,
            Optional.empty())
        .ifKnown();
  }

  /** For a retried job: the position of its new record is not stored. */
  private static Optional<JobEstimate> costOnly(Optional<Double> gpuSeconds) {
    return gpuSeconds.map(
        seconds ->
            new JobEstimate(
                Optional.empty(), Optional.empty(), Optional.of(seconds), Optional.empty()));
  }

  private static Forecast forecast(Optional<Turn> turn, Optional<Double> gpuSeconds) {
    return new Forecast(turn.flatMap(Turn::delay), gpuSeconds, turn.map(Turn::laneJobs));
  }
}
