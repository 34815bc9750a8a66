package dev.polyptych.schema.fleet;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a worker has measured, and what it has before it. Seconds are those of its GPU.
 *
 * @param tokenSeconds recent mean of a denoising step for each image token; 0 before the first
 * @param besidesSeconds recent mean of what a job takes besides its steps and a swap: prompt,
 *     decoding
 * @param jobSeconds recent mean of a whole job without its swap; 0 before the first
 * @param runningSeconds what the job in hand still takes; 0 without one
 * @param waitingSeconds all jobs that were taken from the broker and not begun, and a swap for each
 *     adapter of theirs that is not warm
 * @param resident adapters in device or host memory
 * @param adapters where they lie
 * @param swapSeconds to make an adapter warm, by where it lies
 * @param beatAt when this was so, by the worker's clock; absent in a heartbeat of an older worker
 */
public record WorkerLoad(
    double tokenSeconds,
    double besidesSeconds,
    double jobSeconds,
    double runningSeconds,
    double waitingSeconds,
    List<String> resident,
    AdapterTiers adapters,
    SwapCosts swapSeconds,
    Optional<Instant> beatAt) {
  /** Of a worker that has measured nothing. */
  public static final WorkerLoad NONE = new WorkerLoad(0, 0, 0, 0, 0, List.of());

  public WorkerLoad {
    resident = List.copyOf(resident);
    // Absent in a heartbeat of an older worker, which may hold more on its device than it says.
    adapters =
        adapters == null ? new AdapterTiers(List.of(), List.of(), resident, List.of()) : adapters;
    swapSeconds = swapSeconds == null ? SwapCosts.NONE : swapSeconds;
    beatAt = beatAt == null ? Optional.empty() : beatAt;
  }

  /** Of a worker that tells no more; its adapters are in host memory. */
  public WorkerLoad(
      double tokenSeconds,
      double besidesSeconds,
      double jobSeconds,
      double runningSeconds,
      double waitingSeconds,
      List<String> resident) {
    this(
        tokenSeconds,
        besidesSeconds,
        jobSeconds,
        runningSeconds,
        waitingSeconds,
        resident,
        new AdapterTiers(List.of(), List.of(), resident, List.of()),
        SwapCosts.NONE,
        Optional.empty());
  }

  /** Of all jobs it has taken. */
  public double outstandingSeconds() {
    return runningSeconds + waitingSeconds;
  }
}
