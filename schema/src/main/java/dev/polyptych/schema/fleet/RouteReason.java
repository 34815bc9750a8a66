package dev.polyptych.schema.fleet;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** Why a job goes to the partition it goes to. */
public enum RouteReason {
  /** The worker draws with the adapter now, and would be done first. */
  @JsonProperty("warm")
  WARM,
  /** The worker has the adapter in memory, and would be done first. */
  @JsonProperty("resident")
  RESIDENT,
  /** The worker has to read the adapter, and is still expected to finish first. */
  @JsonProperty("least_loaded")
  LEAST_LOADED,
  /** The catalog says so. */
  @JsonProperty("pinned")
  PINNED,
  /** No worker is seen to take the partition, so rank order decides. */
  @JsonProperty("no_heartbeats")
  NO_HEARTBEATS;

  /** As written in messages and metrics. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
