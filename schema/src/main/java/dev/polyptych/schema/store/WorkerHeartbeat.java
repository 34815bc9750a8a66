package dev.polyptych.schema.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a worker says of itself every few seconds.
 *
 * @param adapter the warm one
 * @param streak jobs rendered in a row with it
 * @param job the one being rendered
 * @param stepSeconds recent mean of a denoising step; 0 before the first
 * @param waiting jobs taken from the broker and not begun
 * @param partitions owned, of both lanes alike
 */
public record WorkerHeartbeat(
    @JsonProperty("v") int version,
    String id,
    String model,
    String device,
    String computeType,
    Optional<String> adapter,
    int streak,
    Optional<String> job,
    double stepSeconds,
    int waiting,
    List<Integer> partitions,
    Instant startedAt) {
  public static final int VERSION = 1;

  public WorkerHeartbeat {
    partitions = List.copyOf(partitions);
  }
}
