package dev.polyptych.schema.routing;

/** Where an adapter is on a worker, nearest first. */
public enum Tier {
  /** The model draws with it now: merged, or the branch in use. */
  WARM,
  /** In the memory of the device. */
  DEVICE,
  /** In the memory of the process. */
  HOST,
  /** Cached as a file. */
  DISK,
  /** Has to be fetched. */
  ABSENT
}
