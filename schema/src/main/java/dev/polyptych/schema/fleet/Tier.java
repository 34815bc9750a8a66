package dev.polyptych.schema.fleet;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where an adapter is on a worker, nearest first. */
public enum Tier {
  /** The model draws with it now: merged, or the branch in use. */
  @JsonProperty("warm")
  WARM,
  /** In the memory of the device. */
  @JsonProperty("device")
  DEVICE,
  /** In the memory of the process. */
  @JsonProperty("host")
  HOST,
  /** Cached as a file. */
  @JsonProperty("disk")
  DISK,
  /** Has to be fetched. */
  @JsonProperty("absent")
  ABSENT
}
