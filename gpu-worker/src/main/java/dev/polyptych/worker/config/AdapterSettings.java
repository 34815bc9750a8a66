package dev.polyptych.worker.config;

import java.time.Duration;
import java.util.Set;

/**
 * Memory that adapters may take, by tier.
 *
 * @param deviceBytes device memory, beside the base model
 * @param hostBytes host memory
 * @param mergeBytes memory for the layers of a merged adapter; 0: never merge, so that a seed gives
 *     the same bits regardless of waiting jobs
 * @param pinned ids that are never evicted once they are read
 * @param readLimit how long reading a file may take
 */
public record AdapterSettings(
    long deviceBytes, long hostBytes, long mergeBytes, Set<String> pinned, Duration readLimit) {
  public AdapterSettings {
    pinned = Set.copyOf(pinned);
  }
}
