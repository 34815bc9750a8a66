package dev.polyptych.store;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a tenant may use at the same time. An empty limit means unlimited.
 *
 * @param submissionsPerSecond long-term average
 * @param burst submissions allowed at once after a pause; at least 1
 * @param queuedJobs jobs that are not settled, rendering jobs included
 * @param gpuSeconds estimated sum over those jobs
 * @param referenceBytes total size of the tenant's stored pictures
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
