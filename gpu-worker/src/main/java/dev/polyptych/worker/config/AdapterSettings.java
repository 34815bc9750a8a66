package dev.polyptych.worker.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * What adapters may take, by tier.
 *
 * @param deviceBytes device memory, beside the base model
 * @param hostBytes host memory
 * @param mergeBytes memory for the layers of a merged adapter; 0: never merge, so that a seed gives
 *     the same bits regardless of waiting jobs
 * @param pinned ids that are never evicted once they are read
 * @param readLimit how long reading a file may take
 * @param store folder of the files that are fetched from the object store
 * @param storeBytes disk space for that folder
 */
public record AdapterSettings(
    long deviceBytes,
    long hostBytes,
    long mergeBytes,
    Set<String> pinned,
    Duration readLimit,
    Path store,
    long storeBytes) {
  public AdapterSettings {
    pinned = Set.copyOf(pinned);
  }
}
