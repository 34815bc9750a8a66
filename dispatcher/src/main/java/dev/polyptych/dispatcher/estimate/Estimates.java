package dev.polyptych.dispatcher.estimate;

import dev.polyptych.dispatcher.cluster.Turn;
import dev.polyptych.dispatcher.placement.RoutesByBase;
import dev.polyptych.schema.job.Forecast;
import dev.polyptych.schema.job.JobEstimate;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RenderJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Estimates from the latest view of the cluster. An unknown part is absent. Never blocks; its cost
 * does not depend on the length of the queue. Safe for all threads.
 */
public final class Estimates {
  private final RoutesByBase routes;
  private final Clock clock;

  public Estimates(RoutesByBase routes, Clock clock) {
    this.routes = routes;
    this.clock = clock;
  }

  /** The estimate of a job if it were submitted now. */
  public JobEstimate ifSubmitted(RenderJob job) {
    return JobEstimate.of(routes.of(job.pins().base()).forecast(job), clock.instant());
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
    Optional<Turn> turn =
        Turn.at(routes.of(status).view(), status.lane(), place.partition(), place.offset());
    return JobEstimate.of(forecast(turn, gpuSeconds), clock.instant()).ifKnown();
  }

  private Optional<JobEstimate> rendering(JobStatus status, Optional<Double> gpuSeconds) {
    double left = (double) (status.steps() - status.step()) / status.steps();
    Optional<Instant> finish =
        toldByWorker(status)
            .or(() -> gpuSeconds.map(all -> in(all * left)))
            .or(() -> measured(status));
    return new JobEstimate(status.times().started(), finish, gpuSeconds, Optional.empty())
        .ifKnown();
  }

  /** As its worker measures it; empty before its first step of any job. */
  private Optional<Instant> toldByWorker(JobStatus status) {
    return status
        .worker()
        .flatMap(routes.of(status).view()::worker)
        .filter(worker -> worker.job().filter(status.id()::equals).isPresent())
        .map(worker -> worker.load().runningSeconds())
        .filter(seconds -> seconds > 0)
        .map(this::in);
  }

  /** From the steps so far; empty before the first. */
  private Optional<Instant> measured(JobStatus status) {
    return status
        .times()
        .started()
        .filter(started -> status.step() > 0)
        .map(
            started -> {
              double passed = Duration.between(started, clock.instant()).toMillis() / 1000.0;
              return in(passed * (status.steps() - status.step()) / status.step());
            });
  }

  private Instant in(double seconds) {
    return clock.instant().plus(Duration.ofMillis(Math.round(Math.max(0, seconds) * 1000)));
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
