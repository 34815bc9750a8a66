package dev.polyptych.schema.job;

import java.time.Duration;
import java.util.Optional;

/**
 * An estimate that names no time of day, so that it means the same by everybody's clock; absent
 * where nobody can know.
 *
 * @param delay until a worker begins the job
 * @param gpuSeconds for which it keeps a GPU busy
 * @param jobsAhead jobs of its lane that its worker takes before it
 */
public record Forecast(
    Optional<Duration> delay, Optional<Double> gpuSeconds, Optional<Long> jobsAhead) {
  public static final Forecast UNKNOWN =
      new Forecast(Optional.empty(), Optional.empty(), Optional.empty());
}
