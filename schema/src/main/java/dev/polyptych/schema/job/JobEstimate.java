package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a job is likely to start and finish. Each part is absent while it can't be known.
 *
 * @param start when a worker begins it
 * @param finish when its last step is done; absent without {@code start} or {@code gpuSeconds}
 * @param gpuSeconds time that it occupies a GPU
 * @param jobsAhead jobs of its lane that its worker renders before it
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record JobEstimate(
    Optional<Instant> start,
    Optional<Instant> finish,
    Optional<Double> gpuSeconds,
    Optional<Long> jobsAhead) {
  public static final JobEstimate UNKNOWN =
      new JobEstimate(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Turns a forecast made at {@code from} into times. */
  public static JobEstimate of(Forecast forecast, Instant from) {
    Optional<Instant> start = forecast.delay().map(from::plus);
    return new JobEstimate(
        start,
        start.flatMap(at -> forecast.gpuSeconds().map(seconds -> at.plus(duration(seconds)))),
        forecast.gpuSeconds(),
        forecast.jobsAhead());
  }

  /** Empty when nothing is known. */
  public Optional<JobEstimate> ifKnown() {
    return equals(UNKNOWN) ? Optional.empty() : Optional.of(this);
  }

  private static Duration duration(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
