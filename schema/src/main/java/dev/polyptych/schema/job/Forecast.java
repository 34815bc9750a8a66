package dev.polyptych.schema.job;

import java.time.Duration;
import java.util.Optional;

/**
 * An estimate in durations, so that it does not depend on a clock. A part is absent if it can't be
 * known.
 *
 * @param delay time until a worker starts the job
 * @param gpuSeconds time that it occupies a GPU
 * @param jobsAhead jobs of its lane that its worker renders before it
 */
public record Forecast(
    Optional<Duration> delay, Optional<Double> gpuSeconds, Optional<Long> jobsAhead) {
  public static final Forecast UNKNOWN =
      new Forecast(Optional.empty(), Optional.empty(), Optional.empty());
}
