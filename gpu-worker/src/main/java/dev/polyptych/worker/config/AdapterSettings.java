package dev.polyptych.worker.config;

import java.util.Set;

/**
 * How much of each memory adapters may take.
 *
 * @param deviceBytes of those on the device, beside the base
 * @param hostBytes of those that are read into host memory
 * @param mergeBytes of the layers of a merged adapter; 0: never merge, so that a seed gives the
 *     same bits whatever else waits
 * @param pinned ids that are never thrown out once they are read
 */
public record AdapterSettings(
    long deviceBytes, long hostBytes, long mergeBytes, Set<String> pinned) {
  public AdapterSettings {
    pinned = Set.copyOf(pinned);
  }
}
