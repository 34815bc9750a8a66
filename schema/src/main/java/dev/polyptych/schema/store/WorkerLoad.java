package dev.polyptych.schema.store;

import java.util.List;

/**
 * What a worker has measured, and what it has before it. Seconds are those of its GPU.
 *
 * @param tokenSeconds recent mean of a denoising step for each image token; 0 before the first
 * @param besidesSeconds recent mean of what a job takes besides its steps: adapter, prompt,
 *     decoding
 * @param jobSeconds recent mean of a whole job; 0 before the first
 * @param runningSeconds what the job in hand still takes; 0 without one
 * @param waitingSeconds all jobs that were taken from the broker and not begun
 * @param resident adapters in device or host memory
 */
public record WorkerLoad(
    double tokenSeconds,
    double besidesSeconds,
    double jobSeconds,
    double runningSeconds,
    double waitingSeconds,
    List<String> resident) {
  /** Of a worker that has measured nothing. */
  public static final WorkerLoad NONE = new WorkerLoad(0, 0, 0, 0, 0, List.of());

  public WorkerLoad {
    resident = List.copyOf(resident);
  }

  /** Of all jobs it has taken. */
  public double outstandingSeconds() {
    return runningSeconds + waitingSeconds;
  }
}
