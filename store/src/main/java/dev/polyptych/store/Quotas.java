package dev.polyptych.store;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a tenant may use at once; what is empty is unlimited.
 *
 * @param submissionsPerSecond in the long run
 * @param burst submissions that may come at once after a pause; at least 1
 * @param queuedJobs jobs that are not settled, the one being rendered too
 * @param gpuSeconds estimated, of those jobs together
 * @param referenceBytes of the pictures that are kept for it
 */
public record Quotas(
    OptionalDouble submissionsPerSecond,
    long burst,
    OptionalLong queuedJobs,
    OptionalDouble gpuSeconds,
    OptionalLong referenceBytes) {
  public static final Quotas UNLIMITED =
      new Quotas(
          OptionalDouble.empty(),
          1,
          OptionalLong.empty(),
          OptionalDouble.empty(),
          OptionalLong.empty());
}
