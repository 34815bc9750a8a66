package dev.polyptych.schema.fleet;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A worker's measurements and its waiting work. All seconds are seconds of its GPU.
 *
 * @param tokenSeconds recent mean of a denoising step for each image token; 0 before the first
 * @param besidesSeconds recent mean time of a job without its steps and swap: prompt, decoding
 * @param jobSeconds recent mean of a whole job without its swap; 0 before the first
 * @param runningSeconds remaining time of the current job; 0 without one
 * @param waitingSeconds time of all jobs fetched from the broker but not started, plus a swap for
 *     each of their adapters that is not warm
 * @param resident adapters in device or host memory
 * @param adapters where they lie
 * @param swapSeconds to make an adapter warm, by where it lies
 * @param beatAt time of this report by the worker's clock; absent in a heartbeat of an older worker
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
  /** For a worker without measurements. */
  public static final WorkerLoad NONE = new WorkerLoad(0, 0, 0, 0, 0, List.of());

  public WorkerLoad {
    resident = List.copyOf(resident);
    // Absent in a heartbeat of an older worker, which may hold more on its device than it says.
    adapters =
        adapters == null ? new AdapterTiers(List.of(), List.of(), resident, List.of()) : adapters;
    swapSeconds = swapSeconds == null ? SwapCosts.NONE : swapSeconds;
    beatAt = beatAt == null ? Optional.empty() : beatAt;
  }

  /** For a worker that reports only this. Its adapters count as in host memory. */
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

  /** Seconds of all jobs that it has fetched. */
  public double outstandingSeconds() {
    return runningSeconds + waitingSeconds;
  }
}
